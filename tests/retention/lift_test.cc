#include "retention/lift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "retention/sample_size.h"

namespace loyalty::retention {
namespace {

LiftArm Arm(std::int64_t members, std::int64_t buyers) { return {.rate = {members, buyers}, .spend = {}}; }

TEST(Lift, GainIsProven) {
  const LiftReport report = MeasureLift(Arm(2000, 300), Arm(2000, 200));
  EXPECT_EQ(report.verdict, LiftVerdict::kProvenGain);
  EXPECT_TRUE(report.IsProven());
  EXPECT_NEAR(report.rate_difference, 0.05, 1e-15);
  EXPECT_GT(report.rate_interval.low, 0.02);
  EXPECT_NEAR(report.relative->lift, 0.5, 1e-12);
  EXPECT_EQ(report.more_per_arm, 0);
  EXPECT_FALSE(report.spend) << "nobody's spend was given";
}

TEST(Lift, LossIsProven) { EXPECT_EQ(MeasureLift(Arm(2000, 200), Arm(2000, 300)).verdict, LiftVerdict::kProvenLoss); }

TEST(Lift, ChanceIsNotProvenAndSaysHowManyMoreItTakes) {
  LiftPlan plan;
  plan.worthwhile_difference = 0.02;
  const LiftReport report = MeasureLift(Arm(1000, 105), Arm(1000, 100), plan);
  EXPECT_EQ(report.verdict, LiftVerdict::kNotProven);
  EXPECT_EQ(report.more_per_arm, 2839);
  // Large enough and still nothing: there is no difference of that size.
  EXPECT_EQ(MeasureLift(Arm(20'000, 2010), Arm(20'000, 2000), plan).more_per_arm, 0);
}

TEST(Lift, WithoutAWorthwhileDifferenceTheObservedOneCounts) {
  EXPECT_EQ(MeasureLift(Arm(1000, 120), Arm(1000, 100)).more_per_arm, 2839);
  EXPECT_EQ(MeasureLift(Arm(1000, 100), Arm(1000, 100)).more_per_arm, std::nullopt);
}

// In the order of the checks: each line also has what the later ones would find.
TEST(Lift, VerdictsInTheirOrder) {
  LiftPlan early;
  early.horizon_reached = false;
  EXPECT_EQ(MeasureLift(Arm(3000, 600), Arm(2000, 200), early).verdict, LiftVerdict::kArmsMismatch);
  EXPECT_EQ(MeasureLift(Arm(2000, 600), Arm(2000, 200), early).verdict, LiftVerdict::kTooEarly);
  EXPECT_EQ(MeasureLift(Arm(2000, 201), Arm(2000, 200)).verdict, LiftVerdict::kNotProven);
  EXPECT_EQ(MeasureLift(Arm(0, 0), Arm(0, 0)).verdict, LiftVerdict::kNotProven);
}

// Test and interval rest on different approximations and can disagree by a hair, in both directions.
TEST(Lift, ProofNeedsBothTestAndInterval) {
  const LiftReport only_test = MeasureLift(Arm(50, 8), Arm(50, 2));
  EXPECT_LT(only_test.p_value, 0.05);
  EXPECT_TRUE(only_test.rate_interval.Holds(0));
  EXPECT_EQ(only_test.verdict, LiftVerdict::kNotProven);
  const LiftReport only_interval = MeasureLift(Arm(200, 85), Arm(200, 66));
  EXPECT_GE(only_interval.p_value, 0.05);
  EXPECT_FALSE(only_interval.rate_interval.Holds(0));
  EXPECT_EQ(only_interval.verdict, LiftVerdict::kNotProven);
}

TEST(Lift, UnequalArmsAsPlannedAreNoMismatch) {
  LiftPlan plan;
  plan.treated_share = 90;
  plan.control_share = 10;
  EXPECT_EQ(MeasureLift(Arm(9000, 1800), Arm(1000, 100), plan).verdict, LiftVerdict::kProvenGain);
}

TEST(Lift, SpendStandsBesideAndDecidesNothing) {
  LiftArm treated = Arm(4, 2);
  LiftArm control = Arm(4, 2);
  for (int i = 0; i < 4; ++i) {
    treated.spend.Add(10 * i, 1000 + 10 * i);
    control.spend.Add(10 * i, 10 * i);
  }
  const LiftReport report = MeasureLift(treated, control);
  EXPECT_LT(report.spend->p_value, 0.001);
  EXPECT_NEAR(report.cuped->spend.difference, 1000, 1e-9);
  EXPECT_EQ(report.verdict, LiftVerdict::kNotProven);
}

TEST(Lift, CorrectionTakesBackWhatSeveralExperimentsDoNotCarry) {
  // p about 0.04 alone, among three no proof; p about 0.00001 stays one.
  std::vector<LiftReport> reports = {MeasureLift(Arm(1000, 129), Arm(1000, 100)),
                                     MeasureLift(Arm(1000, 170), Arm(1000, 100)),
                                     MeasureLift(Arm(1000, 100), Arm(1000, 100))};
  ASSERT_TRUE(reports[0].IsProven());
  for (int repeat = 0; repeat < 2; ++repeat) {
    CorrectForSeveral(reports);
    EXPECT_EQ(reports[0].verdict, LiftVerdict::kNotProven);
    EXPECT_NEAR(reports[0].p_value_adjusted, 2 * reports[0].p_value, 1e-15);
    EXPECT_EQ(reports[1].verdict, LiftVerdict::kProvenGain);
  }
}

// Simulated truth. The number of buyers of an arm whose members decide independently is binomial, so it is drawn as
// such. 67 is the upper bound of the binomial of 1,000 at 5 % (99 %).
class SimulatedLift : public testing::Test {
 protected:
  LiftReport Experiment(std::int64_t members, double treated_rate, double control_rate) {
    return MeasureLift(Draw(members, treated_rate), Draw(members, control_rate));
  }

 private:
  LiftArm Draw(std::int64_t members, double rate) {
    return Arm(members, std::binomial_distribution<std::int64_t>(members, rate)(random_));
  }

  std::mt19937_64 random_{1998};
};

TEST_F(SimulatedLift, FalseWinnersStayWithinTheLevel) {
  for (const auto& [members, rate] : {std::pair{200, 0.1}, {1000, 0.03}, {5000, 0.3}, {50'000, 0.5}}) {
    int winners = 0;
    int outside = 0;
    for (int i = 0; i < 1000; ++i) {
      const LiftReport report = Experiment(members, rate, rate);
      winners += report.IsProven() ? 1 : 0;
      outside += report.rate_interval.Holds(0) ? 0 : 1;
    }
    EXPECT_LE(winners, 67) << members << " at " << rate;
    EXPECT_GE(outside, 25) << "the level is used";
  }
}

TEST_F(SimulatedLift, PlantedEffectsAreFoundAsOftenAsPlanned) {
  for (const auto& [control, treated] : {std::pair{0.10, 0.12}, {0.30, 0.25}, {0.02, 0.03}, {0.5, 0.55}}) {
    const auto members = *RequiredPerArm(control, treated, 0.05, 0.8);
    const LiftVerdict right = treated > control ? LiftVerdict::kProvenGain : LiftVerdict::kProvenLoss;
    int found = 0;
    for (int i = 0; i < 1000; ++i) found += Experiment(members, treated, control).verdict == right ? 1 : 0;
    EXPECT_GE(found, 760) << control << " to " << treated;
    EXPECT_LE(found, 840) << control << " to " << treated;
  }
}

TEST_F(SimulatedLift, IntervalsHoldTheTruth) {
  int newcombe = 0;
  int log_ratio = 0;
  for (int i = 0; i < 1000; ++i) {
    const LiftReport report = Experiment(800, 0.15, 0.10);
    newcombe += report.rate_interval.Holds(0.05) ? 1 : 0;
    log_ratio += report.relative->interval.Holds(0.5) ? 1 : 0;
  }
  // 95 % of 1,000 within 99 %.
  EXPECT_NEAR(newcombe, 950, 18);
  EXPECT_NEAR(log_ratio, 950, 18);
}

TEST_F(SimulatedLift, TenExperimentsTogetherHaveNoMoreFalseWinnersThanOne) {
  int families = 0;
  for (int i = 0; i < 1000; ++i) {
    std::vector<LiftReport> reports;
    for (int j = 0; j < 10; ++j) reports.push_back(Experiment(1000, 0.2, 0.2));
    CorrectForSeveral(reports);
    families += std::any_of(reports.begin(), reports.end(), [](const auto& report) { return report.IsProven(); });
  }
  EXPECT_LE(families, 67);
  EXPECT_GE(families, 20) << "the level is used";
}

}  // namespace
}  // namespace loyalty::retention
