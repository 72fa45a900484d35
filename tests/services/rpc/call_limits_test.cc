#include "services/rpc/call_limits.h"

#include <gtest/gtest.h>

#include <string>

namespace loyalty {
namespace {

constexpr std::int64_t kTill = 7;

CallSource From(const std::string& network, int port = 1, std::int64_t principal = kTill) {
  return {network + ":" + std::to_string(port), network, principal};
}

// How many calls from there may begin, at most `tries`.
int Take(CallLimits& limits, const CallSource& source, int tries) {
  int begun = 0;
  for (int i = 0; i < tries; ++i) begun += limits.Begin(source) ? 1 : 0;
  return begun;
}

TEST(CallLimits, AConnectionHasItsShare) {
  CallLimits limits;
  EXPECT_EQ(Take(limits, From("a", 1), 200), 128);
  EXPECT_EQ(Take(limits, From("a", 2), 10), 10);
  for (int i = 0; i < 128; ++i) limits.End(From("a", 1));
  EXPECT_EQ(Take(limits, From("a", 1), 200), 128);
}

TEST(CallLimits, AnAddressLeavesHalfToOthers) {
  CallLimits limits;
  int begun = 0;
  for (int till = 1; till <= 100; ++till) begun += Take(limits, From("a", till, till), 100);
  EXPECT_EQ(begun, 2'048);
  EXPECT_EQ(Take(limits, From("b", 1, 200), 10), 10);
}

TEST(CallLimits, AKeyLeavesHalfOfAnAddressToOthersThere) {
  CallLimits limits;
  int begun = 0;
  for (int port = 1; port <= 40; ++port) begun += Take(limits, From("a", port), 100);
  EXPECT_EQ(begun, 1'025);
  EXPECT_EQ(Take(limits, From("a", 100, kTill + 1), 100), 100);
}

TEST(CallLimits, AKeyHasAQuarterFromHoweverManyAddresses) {
  CallLimits limits;
  int begun = 0;
  for (int host = 1; host <= 50; ++host) begun += Take(limits, From(std::to_string(host)), 100);
  EXPECT_EQ(begun, 1'025);
  EXPECT_EQ(Take(limits, From("a", 1, kTill + 1), 100), 100);
}

TEST(CallLimits, AllTogetherHaveAnEndAndWhoComesLaterStillFindsAPlace) {
  CallLimits limits;
  int begun = 0;
  for (int till = 1; till <= 40; ++till) {
    const int own = Take(limits, From(std::to_string(till), 1, till), 128);
    EXPECT_GE(own, 1) << till;
    begun += own;
  }
  EXPECT_LT(begun, 4'096);
}

TEST(CallLimits, WithoutAKeyNobodyTakesAPlaceOfWhoHasOne) {
  CallLimits limits;
  int keyless = 0;
  for (int port = 1; port <= 40; ++port) keyless += Take(limits, From("a", port, 0), 100);
  EXPECT_EQ(keyless, 33);
  EXPECT_EQ(Take(limits, From("b", 1, 0), 10), 10) << "an address leaves as much to others";
  EXPECT_EQ(Take(limits, From("a", 1), 100), 100) << "the same connection, with a key";
  for (int i = 0; i < 33; ++i) limits.End(From("a", 1, 0));
  EXPECT_EQ(Take(limits, From("a", 2, 0), 10), 10);
}

TEST(CallLimits, FromHoweverManyAddressesTheyComeAHealthCheckOfAnotherFindsAPlace) {
  CallLimits limits;
  for (int host = 1; host <= 40; ++host) (void)Take(limits, From(std::to_string(host), 1, 0), 100);
  EXPECT_EQ(Take(limits, From("balancer", 1, 0), 1), 1);
}

constexpr std::size_t kMb = 1 << 20;

// How many requests of a megabyte may be held from there, at most `tries`.
int HoldMegabytes(CallLimits& limits, const CallSource& source, int tries) {
  int held = 0;
  for (int i = 0; i < tries; ++i) held += limits.Hold(source, kMb) ? 1 : 0;
  return held;
}

TEST(CallLimits, LargeRequestsOfAConnectionHaveTheirShareOfTheMemory) {
  CallLimits limits;
  EXPECT_EQ(HoldMegabytes(limits, From("a", 1), 200), 8);
  EXPECT_FALSE(limits.Hold(From("a", 1), 1));
  EXPECT_EQ(HoldMegabytes(limits, From("a", 2), 3), 3);
  EXPECT_EQ(limits.bytes(), 11 * kMb);
  for (int i = 0; i < 8; ++i) limits.Release(From("a", 1), kMb);
  EXPECT_EQ(HoldMegabytes(limits, From("a", 1), 200), 8);
}

TEST(CallLimits, LargeRequestsOfAnAddressOrAKeyLeaveHalfToOthersAndAllHaveAnEnd) {
  CallLimits limits;
  int held = 0;
  for (int port = 1; port <= 40; ++port) held += HoldMegabytes(limits, From("a", port, port), 100);
  EXPECT_EQ(held, 32);
  held = 0;
  for (int host = 1; host <= 50; ++host) held += HoldMegabytes(limits, From(std::to_string(host), 1, 99), 100);
  EXPECT_EQ(held, 17) << "as much as is left";
  for (int host = 51; host <= 99; ++host) held += HoldMegabytes(limits, From(std::to_string(host), 1, host), 100);
  EXPECT_LE(limits.bytes(), CallLimits::kBytesMax);
}

TEST(CallLimits, WhatIsHeldOutlivesTheCountOfItsCall) {
  CallLimits limits;
  ASSERT_TRUE(limits.Begin(From("a")));
  ASSERT_TRUE(limits.Hold(From("a"), kMb));
  limits.End(From("a"));
  EXPECT_EQ(limits.bytes(), kMb);
  EXPECT_EQ(HoldMegabytes(limits, From("a"), 100), 7);
}

}  // namespace
}  // namespace loyalty
