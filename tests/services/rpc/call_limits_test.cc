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

}  // namespace
}  // namespace loyalty
