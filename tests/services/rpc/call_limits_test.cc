#include "services/rpc/call_limits.h"

#include <gtest/gtest.h>

#include <string>

namespace loyalty {
namespace {

// How many calls of one connection may begin, at most `tries`.
int Take(CallLimits& limits, const std::string& peer, int tries) {
  int begun = 0;
  for (int i = 0; i < tries; ++i) begun += limits.Begin(peer) ? 1 : 0;
  return begun;
}

TEST(CallLimits, AConnectionHasItsShare) {
  CallLimits limits;
  EXPECT_EQ(Take(limits, "ipv4:10.0.0.1:1", 200), 128);
  EXPECT_EQ(Take(limits, "ipv4:10.0.0.1:2", 10), 10);
  for (int i = 0; i < 128; ++i) limits.End("ipv4:10.0.0.1:1");
  EXPECT_EQ(Take(limits, "ipv4:10.0.0.1:1", 200), 128);
}

TEST(CallLimits, AnAddressLeavesHalfToOthers) {
  CallLimits limits;
  int begun = 0;
  for (int port = 1; port <= 40; ++port) begun += Take(limits, "ipv6:[::1]:" + std::to_string(port), 100);
  EXPECT_EQ(begun, 2'048);
  EXPECT_EQ(Take(limits, "ipv6:[::2]:1", 10), 10);
}

TEST(CallLimits, AllTogetherHaveAnEnd) {
  CallLimits limits;
  int begun = 0;
  for (int host = 1; host <= 50; ++host) begun += Take(limits, "ipv4:10.0.0." + std::to_string(host) + ":1", 100);
  EXPECT_EQ(begun, 4'096);
}

constexpr std::size_t kMb = 1 << 20;

// How many requests of a megabyte may be held by one connection, at most `tries`.
int HoldMegabytes(CallLimits& limits, const std::string& peer, int tries) {
  int held = 0;
  for (int i = 0; i < tries; ++i) held += limits.Hold(peer, kMb) ? 1 : 0;
  return held;
}

TEST(CallLimits, LargeRequestsOfAConnectionHaveTheirShareOfTheMemory) {
  CallLimits limits;
  EXPECT_EQ(HoldMegabytes(limits, "ipv4:10.0.0.1:1", 200), 8);
  EXPECT_FALSE(limits.Hold("ipv4:10.0.0.1:1", 1));
  EXPECT_EQ(HoldMegabytes(limits, "ipv4:10.0.0.1:2", 3), 3);
  EXPECT_EQ(limits.bytes(), 11 * kMb);
  for (int i = 0; i < 8; ++i) limits.Release("ipv4:10.0.0.1:1", kMb);
  EXPECT_EQ(HoldMegabytes(limits, "ipv4:10.0.0.1:1", 200), 8);
}

TEST(CallLimits, LargeRequestsOfAnAddressLeaveHalfToOthersAndAllHaveAnEnd) {
  CallLimits limits;
  int held = 0;
  for (int port = 1; port <= 40; ++port) held += HoldMegabytes(limits, "ipv4:10.0.0.1:" + std::to_string(port), 100);
  EXPECT_EQ(held, 32);
  for (int host = 2; host <= 50; ++host)
    held += HoldMegabytes(limits, "ipv4:10.0.0." + std::to_string(host) + ":1", 100);
  EXPECT_EQ(held, 64);
  EXPECT_EQ(limits.bytes(), CallLimits::kBytesMax);
}

TEST(CallLimits, WhatIsHeldOutlivesTheCountOfItsCall) {
  CallLimits limits;
  ASSERT_TRUE(limits.Begin("ipv4:10.0.0.1:1"));
  ASSERT_TRUE(limits.Hold("ipv4:10.0.0.1:1", kMb));
  limits.End("ipv4:10.0.0.1:1");
  EXPECT_EQ(limits.bytes(), kMb);
  EXPECT_EQ(HoldMegabytes(limits, "ipv4:10.0.0.1:1", 100), 7);
}

}  // namespace
}  // namespace loyalty
