#include "retention/sample_size.h"

#include <gtest/gtest.h>

#include <random>

#include "retention/lift_spend.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

// Chow, Shao and Wang 2008, "Sample Size Calculations in Clinical Research", 2nd ed., pages 58 and 89.
TEST(RequiredPerArm, TextbookExamples) {
  EXPECT_EQ(RequiredPerArm(0.65, 0.85, 0.05, 0.8), 70);
  EXPECT_EQ(RequiredPerArmForSpend(10, 5, 0.05, 0.8), 63);
}

TEST(RequiredPerArm, FormulaByHand) {
  // (1.959964 + 0.841621)^2 (0.10 0.90 + 0.12 0.88) / 0.02^2 = 3838.1
  EXPECT_EQ(RequiredPerArm(0.10, 0.12, 0.05, 0.8), 3839);
  EXPECT_EQ(RequiredPerArm(0.12, 0.10, 0.05, 0.8), 3839);
  EXPECT_EQ(RequiredPerArm(0, 1, 0.05, 0.8), 2);
}

TEST(RequiredPerArm, NoDifferenceIsNeverFound) {
  EXPECT_EQ(RequiredPerArm(0.1, 0.1, 0.05, 0.8), std::nullopt);
  EXPECT_EQ(RequiredPerArm(0.1, 0.1 + 1e-9, 0.05, 0.8), std::nullopt);
  EXPECT_EQ(RequiredPerArmForSpend(10, 0, 0.05, 0.8), std::nullopt);
  EXPECT_EQ(MorePerArm(10, 10, 0.1, 0.1, 0.05, 0.8), std::nullopt);
}

TEST(MorePerArm, OfEqualArmsIsWhatIsMissing) {
  EXPECT_EQ(MorePerArm(0, 0, 0.10, 0.12, 0.05, 0.8), 3839);
  EXPECT_EQ(MorePerArm(1000, 1000, 0.10, 0.12, 0.05, 0.8), 2839);
  EXPECT_EQ(MorePerArm(3839, 3839, 0.10, 0.12, 0.05, 0.8), 0);
  EXPECT_EQ(MorePerArm(3838, 3838, 0.10, 0.12, 0.05, 0.8), 1);
}

TEST(MorePerArm, IsTheSmallestThatIsEnough) {
  test::Check(
      [] {
        const std::int64_t treated = *rc::gen::inRange(0, 20'000);
        const std::int64_t control = *rc::gen::inRange(0, 20'000);
        const double p0 = *rc::gen::inRange(1, 100) / 100.0;
        const double p1 = *rc::gen::inRange(1, 100) / 100.0;
        const auto more = MorePerArm(treated, control, p0, p1, 0.05, 0.8);
        RC_ASSERT(more.has_value() == (p0 != p1));
        if (!more) return;
        RC_ASSERT(MorePerArm(treated + *more, control + *more, p0, p1, 0.05, 0.8) == 0);
        if (*more > 0) RC_ASSERT(MorePerArm(treated + *more - 1, control + *more - 1, p0, p1, 0.05, 0.8) == 1);
      },
      5);
}

// Simulated truth: 80 % is 760 to 840 of 1,000 (3.2 standard deviations).
TEST(RequiredPerArmForSpend, FindsThePlantedEffect) {
  std::mt19937_64 random(1908);
  const std::int64_t members = *RequiredPerArmForSpend(1000, 250, 0.05, 0.8);
  const auto arm = [&](double mean) {
    std::normal_distribution<double> spend(mean, 1000);
    SpendSums sums;
    for (std::int64_t i = 0; i < members; ++i) sums.Add(0, static_cast<std::int64_t>(spend(random)));
    return sums;
  };
  int found = 0;
  for (int experiment = 0; experiment < 1000; ++experiment)
    found += WelchTest(arm(5250), arm(5000), 0.05)->interval.low > 0 ? 1 : 0;
  EXPECT_GE(found, 760);
  EXPECT_LE(found, 840);
}

}  // namespace
}  // namespace loyalty::retention
