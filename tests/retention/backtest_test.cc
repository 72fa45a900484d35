#include "retention/backtest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace loyalty::retention {
namespace {

// A shop whose model is right: each member buys with exactly the probability that is said of it.
std::vector<BacktestMember> RightModel(int members) {
  std::mt19937_64 random(20261125);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<BacktestMember> result;
  for (int i = 0; i < members; ++i) {
    BacktestMember member;
    member.probability = uniform(random);
    member.expected_days = member.probability;
    member.bought_days = uniform(random) < member.probability ? 1 : 0;
    member.days_since_last = 100 * uniform(random);
    member.overdue_ratio = 3 * uniform(random);
    result.push_back(member);
  }
  return result;
}

TEST(Backtest, RightModelWinsAndMayBeShown) {
  const BacktestResult result = Backtest(RightModel(4000));
  EXPECT_EQ(result.members, 4000);
  EXPECT_EQ(result.ranking, RankingScore::kProbability);
  EXPECT_EQ(result.ranking_reason, RankingReason::kHighestAuc);
  EXPECT_EQ(result.withheld, Withheld::kShown);
  // Of uniform probabilities: AUC 5/6, Brier 1/6, log loss 1/2.
  EXPECT_NEAR(*result.AucOf(RankingScore::kProbability), 5.0 / 6, 0.02);
  EXPECT_NEAR(*result.AucOf(RankingScore::kRecency), 0.5, 0.03);
  EXPECT_EQ(result.AucOf(RankingScore::kConstant), 0.5);
  EXPECT_NEAR(result.brier, 1.0 / 6, 0.01);
  EXPECT_NEAR(result.brier_constant, 0.25, 0.001);
  EXPECT_NEAR(result.log_loss, 0.5, 0.02);
  EXPECT_NEAR(result.log_loss_constant, 0.6931, 0.001);
  EXPECT_LT(result.calibration_error, 0.04);
  EXPECT_NEAR(*result.total_bias, 0, 0.05);
}

TEST(Backtest, RecencyWinsWhereItRanksBetter) {
  auto members = RightModel(500);
  for (BacktestMember& member : members) member.days_since_last = member.bought_days > 0 ? 3 : 60;
  const BacktestResult result = Backtest(members);
  EXPECT_EQ(result.ranking, RankingScore::kRecency);
  EXPECT_EQ(result.ranking_reason, RankingReason::kHighestAuc);
  EXPECT_EQ(result.AucOf(RankingScore::kRecency), 1);
}

TEST(Backtest, SimplestOfEqualRankingsWins) {
  auto members = RightModel(500);
  for (BacktestMember& member : members) {
    member.days_since_last = 100 * (1 - member.probability);
    member.overdue_ratio = 1 - member.probability;
  }
  const BacktestResult result = Backtest(members);
  EXPECT_EQ(result.ranking, RankingScore::kRecency);
  EXPECT_EQ(result.ranking_reason, RankingReason::kSimplestOfTie);
}

TEST(Backtest, NothingBetterThanChanceRanksAllAlike) {
  auto members = RightModel(500);
  for (BacktestMember& member : members) {
    member.probability = member.bought_days > 0 ? 0.4 : 0.6;
    member.days_since_last = member.overdue_ratio = 1;
  }
  const BacktestResult result = Backtest(members);
  EXPECT_EQ(result.ranking, RankingScore::kConstant);
  EXPECT_EQ(result.ranking_reason, RankingReason::kNoneIsBetter);
}

TEST(Backtest, BadCalibrationWithholdsProbabilitiesButNotTheRanking) {
  auto members = RightModel(2000);
  for (BacktestMember& member : members) member.probability = 0.5 + member.probability / 2;
  const BacktestResult result = Backtest(members);
  EXPECT_GT(result.calibration_error, 0.2);
  EXPECT_EQ(result.withheld, Withheld::kCalibration);
  EXPECT_EQ(result.ranking, RankingScore::kProbability);
  EXPECT_EQ(Backtest(members, {.calibration_error_max = 0.5}).withheld, Withheld::kShown);
}

TEST(Backtest, TotalBiasWithholdsInBothDirections) {
  const auto members = RightModel(2000);
  const double unbiased = *Backtest(members).total_bias;
  for (const double factor : {0.6, 1.5}) {
    auto biased = members;
    for (BacktestMember& member : biased) member.expected_days *= factor;
    const BacktestResult result = Backtest(biased);
    EXPECT_NEAR(*result.total_bias, (1 + unbiased) * factor - 1, 1e-12);
    EXPECT_EQ(result.withheld, Withheld::kTotalBias);
    EXPECT_EQ(Backtest(biased, {.total_bias_max = 0.6}).withheld, Withheld::kShown);
  }
}

TEST(Backtest, LimitsThemselvesAreWithinTheLimit) {
  // Ten members who are foretold at 0.25 each, of whom two buy: off by 0.05, and 2.5 expected for 2.
  std::vector<BacktestMember> members(8, {.probability = 0.25, .expected_days = 0.3125});
  for (int i : {0, 1}) members[static_cast<std::size_t>(i)].bought_days = 1;
  const BacktestResult result = Backtest(members);
  EXPECT_EQ(result.total_bias, 0.25);
  EXPECT_EQ(result.calibration_error, 0);
  EXPECT_EQ(result.withheld, Withheld::kShown);
  EXPECT_EQ(Backtest(members, {.total_bias_max = 0.24}).withheld, Withheld::kTotalBias);
}

TEST(Backtest, WithoutContrastNothingIsChosenOrShown) {
  for (const std::int64_t bought : {0, 2}) {
    std::vector<BacktestMember> members(20, {.probability = 0.5, .expected_days = 1, .bought_days = bought});
    const BacktestResult result = Backtest(members);
    EXPECT_EQ(result.ranking_reason, RankingReason::kNoContrast);
    EXPECT_EQ(result.withheld, Withheld::kNoContrast);
    EXPECT_EQ(result.total_bias.has_value(), bought > 0);
  }
  EXPECT_EQ(Backtest({}).withheld, Withheld::kNoContrast);
}

TEST(Backtest, OrderOfMembersDoesNotMatter) {
  auto members = RightModel(777);
  const BacktestResult before = Backtest(members);
  std::shuffle(members.begin(), members.end(), std::mt19937_64(1));
  const BacktestResult after = Backtest(members);
  EXPECT_EQ(after.auc, before.auc);
  EXPECT_EQ(after.brier, before.brier);
  EXPECT_EQ(after.log_loss, before.log_loss);
  EXPECT_EQ(after.calibration_error, before.calibration_error);
  EXPECT_EQ(after.total_bias, before.total_bias);
}

}  // namespace
}  // namespace loyalty::retention
