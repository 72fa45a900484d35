#include "retention/mismatch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <utility>
#include <vector>

namespace loyalty::retention {
namespace {

TEST(SampleRatio, AlarmsBelowOnePerMille) {
  // 10,000 members, half each: chi-square = 4 off^2 / 10,000. 10.8276 is the 0.1 % point.
  for (const auto& [treated, mismatch] : {std::pair{5000, false}, {5164, false}, {5165, true}, {4835, true}}) {
    const SampleRatio ratio = CheckSampleRatio(std::vector<PlannedArm>{{treated, 1}, {10'000 - treated, 1}});
    EXPECT_EQ(ratio.mismatch, mismatch) << treated << " p " << ratio.p_value;
  }
}

TEST(SampleRatio, ThreeUnequalArms) {
  // Expected 500, 300, 200: 100/500 + 400/300 + 100/200 = 2.0333..., p = exp(-half of it).
  const SampleRatio ratio = CheckSampleRatio(std::vector<PlannedArm>{{510, 50}, {280, 30}, {210, 20}});
  EXPECT_NEAR(ratio.chi_square, 0.2 + 4.0 / 3 + 0.5, 1e-12);
  EXPECT_NEAR(ratio.p_value, std::exp(-(0.2 + 4.0 / 3 + 0.5) / 2), 1e-12);
  EXPECT_FALSE(ratio.mismatch);
}

TEST(SampleRatio, NobodyMayBeInAnArmThatWasNotPlanned) {
  EXPECT_TRUE(CheckSampleRatio(std::vector<PlannedArm>{{100, 1}, {1, 0}}).mismatch);
  EXPECT_FALSE(CheckSampleRatio(std::vector<PlannedArm>{{100, 1}, {0, 0}}).mismatch);
}

TEST(SampleRatio, NothingToCompareIsNoAlarm) {
  EXPECT_EQ(CheckSampleRatio({}).p_value, 1);
  EXPECT_EQ(CheckSampleRatio(std::vector<PlannedArm>{{7, 1}}).p_value, 1);
  EXPECT_EQ(CheckSampleRatio(std::vector<PlannedArm>{{0, 1}, {0, 1}}).p_value, 1);
}

// Simulated truth. Of 10,000 right assignments 10 are to alarm, at most 23 with 99.99 %. Of assignments that lose 5 %
// of one arm nearly all are to be found.
TEST(SampleRatio, FindsLossAndLeavesRightAssignmentsAlone) {
  std::mt19937_64 random(42);
  int false_alarms = 0;
  int found = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t control = std::binomial_distribution<std::int64_t>(20'000, 0.1)(random);
    if (CheckSampleRatio(std::vector<PlannedArm>{{20'000 - control, 9}, {control, 1}}).mismatch) ++false_alarms;
    if (i >= 1000) continue;
    const std::int64_t half = std::binomial_distribution<std::int64_t>(50'000, 0.5)(random);
    const std::int64_t kept = std::binomial_distribution<std::int64_t>(half, 0.95)(random);
    if (CheckSampleRatio(std::vector<PlannedArm>{{50'000 - half, 1}, {kept, 1}}).mismatch) ++found;
  }
  EXPECT_LE(false_alarms, 23);
  EXPECT_GE(found, 950);
}

}  // namespace
}  // namespace loyalty::retention
