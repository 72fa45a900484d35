#include "services/queue/wrong_tries.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

constexpr Instant kNow = 1'000 * kDayLength;

TEST(WrongTries, TenAtOnceAndThenOneAMinute) {
  WrongTries tries;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(tries.WaitOf("a", kNow), 0) << i;
    tries.Wrong("a", kNow);
  }
  EXPECT_EQ(tries.WaitOf("a", kNow), kMinute);
  EXPECT_EQ(tries.WaitOf("a", kNow + kMinute - 1), 1);
  EXPECT_EQ(tries.WaitOf("a", kNow + kMinute), 0);
  tries.Wrong("a", kNow + kMinute);
  EXPECT_EQ(tries.WaitOf("a", kNow + kMinute), kMinute);
  EXPECT_EQ(tries.WaitOf("a", kNow + kDayLength), 0);
}

TEST(WrongTries, NobodyWaitsForSomebodyElse) {
  WrongTries tries;
  for (int i = 0; i < 100; ++i) tries.Wrong("a", kNow);
  EXPECT_GT(tries.WaitOf("a", kNow), 0);
  EXPECT_EQ(tries.WaitOf("b", kNow), 0);
}

TEST(WrongTries, WhoeverHasMoreAddressesThanPlacesIsCountedAsOne) {
  WrongTries tries;
  for (std::size_t i = 0; i < WrongTries::kNetworksMax; ++i) tries.Wrong("used-" + std::to_string(i), kNow);
  for (int i = 0; i < 10; ++i) tries.Wrong("new-" + std::to_string(i), kNow);
  EXPECT_GT(tries.WaitOf("another", kNow), 0);
  EXPECT_EQ(tries.WaitOf("used-1", kNow), 0) << "was wrong once";
  // Places of those who were wrong long ago are free again.
  tries.Wrong("another", kNow + kDayLength);
  EXPECT_EQ(tries.WaitOf("another", kNow + kDayLength), 0);
}

}  // namespace
}  // namespace loyalty
