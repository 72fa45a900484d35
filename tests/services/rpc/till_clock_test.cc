#include "services/rpc/till_clock.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

TEST(TillClocksTest, EachTillIsToldOnceAnHour) {
  TillClocks clocks;
  EXPECT_TRUE(clocks.IsNews("stores/S1/terminals/T1", 0));
  EXPECT_FALSE(clocks.IsNews("stores/S1/terminals/T1", kMinute));
  EXPECT_TRUE(clocks.IsNews("stores/S1/terminals/T2", kMinute));
  EXPECT_FALSE(clocks.IsNews("stores/S1/terminals/T1", kHour - 1));
  EXPECT_TRUE(clocks.IsNews("stores/S1/terminals/T1", kHour));
  EXPECT_FALSE(clocks.IsNews("stores/S1/terminals/T1", kHour + 1));
  EXPECT_TRUE(clocks.IsNews("stores/S1/terminals/T1", -kDayLength)) << "the server's clock was set back";
}

}  // namespace
}  // namespace loyalty
