#include "services/rpc/refusals.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = Refusals::Clock::time_point;

constexpr Time kNow{seconds(1'000)};

// How many of so many refusals are no reason to hang up.
int Borne(Refusals& refusals, const std::string& network, Time now, int tries, std::int64_t principal = 0) {
  int borne = 0;
  for (int i = 0; i < tries; ++i) borne += refusals.Count({network + ":1", network, principal}, now) ? 0 : 1;
  return borne;
}

TEST(Refusals, AfterSoManyInASecondNobodyFromThereIsTakenInForAnother) {
  Refusals refusals;
  EXPECT_EQ(Borne(refusals, "a", kNow, 300), Refusals::kPerSecond);
  EXPECT_TRUE(refusals.ShutsOut("a", kNow));
  EXPECT_TRUE(refusals.ShutsOut("a", kNow + milliseconds(999)));
  EXPECT_FALSE(refusals.ShutsOut("a", kNow + seconds(1)));
  EXPECT_FALSE(refusals.ShutsOut("b", kNow)) << "others are";
  EXPECT_EQ(Borne(refusals, "b", kNow, 10), 10);
}

TEST(Refusals, ThoseOfTheSecondBeforeAreForgotten) {
  Refusals refusals;
  for (int second = 0; second < 5; ++second)
    EXPECT_EQ(Borne(refusals, "a", kNow + seconds(second), Refusals::kPerSecond), Refusals::kPerSecond);
  EXPECT_FALSE(refusals.ShutsOut("a", kNow + seconds(5)));
}

TEST(Refusals, WhoGoesOnWhileShutOutStaysOut) {
  Refusals refusals;
  Borne(refusals, "a", kNow, Refusals::kPerSecond + 1);
  const Time later = kNow + milliseconds(999);
  EXPECT_EQ(Borne(refusals, "a", later, 1), 0);
  EXPECT_TRUE(refusals.ShutsOut("a", kNow + seconds(1)));
}

TEST(Refusals, AKeyHasNoMoreOfThemForComingFromEverywhere) {
  Refusals refusals;
  int borne = 0;
  for (int network = 0; network < 100; ++network) borne += Borne(refusals, std::to_string(network), kNow, 10, 7);
  EXPECT_EQ(borne, Refusals::kPerSecond);
  EXPECT_FALSE(refusals.ShutsOut("1", kNow)) << "others there have done nothing";
  EXPECT_EQ(Borne(refusals, "1", kNow, 10, 8), 10);
}

}  // namespace
}  // namespace loyalty
