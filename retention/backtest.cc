#include "retention/backtest.h"

#include <algorithm>
#include <cmath>

namespace loyalty::retention {
namespace {

double ScoreOf(const BacktestMember& member, RankingScore score) {
  switch (score) {
    case RankingScore::kConstant: return 0;
    case RankingScore::kRecency: return -member.days_since_last;
    case RankingScore::kOverdueRatio: return -member.overdue_ratio;
    case RankingScore::kProbability: return member.probability;
  }
  return 0;
}

std::vector<Forecast> ForecastsBy(std::span<const BacktestMember> members, RankingScore score) {
  std::vector<Forecast> forecasts;
  forecasts.reserve(members.size());
  for (const BacktestMember& member : members) forecasts.push_back({ScoreOf(member, score), member.bought_days > 0});
  return forecasts;
}

// Expected days in ascending order, so that their sum does not depend on the order of the members.
double SumOfExpected(std::span<const BacktestMember> members) {
  std::vector<double> expected;
  expected.reserve(members.size());
  for (const BacktestMember& member : members) expected.push_back(member.expected_days);
  std::sort(expected.begin(), expected.end());
  double sum = 0;
  for (const double days : expected) sum += days;
  return sum;
}

std::optional<double> TotalBias(std::span<const BacktestMember> members) {
  std::int64_t bought = 0;
  for (const BacktestMember& member : members) bought += member.bought_days;
  if (bought == 0) return std::nullopt;
  return SumOfExpected(members) / static_cast<double>(bought) - 1;
}

void ChooseRanking(BacktestResult& result) {
  if (!result.AucOf(RankingScore::kConstant)) {
    result.ranking_reason = RankingReason::kNoContrast;
    return;
  }
  // The first of equals is the simplest.
  const auto best = std::max_element(result.auc.begin(), result.auc.end());
  result.ranking = static_cast<RankingScore>(best - result.auc.begin());
  if (result.ranking == RankingScore::kConstant) {
    result.ranking_reason = RankingReason::kNoneIsBetter;
  } else {
    const bool alone = std::count(result.auc.begin(), result.auc.end(), *best) == 1;
    result.ranking_reason = alone ? RankingReason::kHighestAuc : RankingReason::kSimplestOfTie;
  }
}

Withheld Withhold(const BacktestResult& result, const BacktestLimits& limits) {
  if (!result.AucOf(RankingScore::kConstant)) return Withheld::kNoContrast;
  if (result.calibration_error > limits.calibration_error_max) return Withheld::kCalibration;
  if (std::abs(*result.total_bias) > limits.total_bias_max) return Withheld::kTotalBias;
  return Withheld::kShown;
}

}  // namespace

BacktestResult Backtest(std::span<const BacktestMember> members, const BacktestLimits& limits) {
  BacktestResult result;
  result.members = static_cast<std::int64_t>(members.size());
  result.buyers =
      std::count_if(members.begin(), members.end(), [](const auto& member) { return member.bought_days > 0; });
  for (std::size_t score = 0; score < kRankingScores; ++score)
    result.auc[score] = Auc(ForecastsBy(members, static_cast<RankingScore>(score)));

  const auto probabilities = ForecastsBy(members, RankingScore::kProbability);
  result.brier = BrierScore(probabilities);
  result.log_loss = LogLoss(probabilities);
  auto constant = probabilities;
  for (Forecast& forecast : constant)
    forecast.score = static_cast<double>(result.buyers) / static_cast<double>(result.members);
  result.brier_constant = BrierScore(constant);
  result.log_loss_constant = LogLoss(constant);
  result.deciles = Calibrate(probabilities);
  result.calibration_error = CalibrationError(result.deciles);
  result.total_bias = TotalBias(members);

  ChooseRanking(result);
  result.withheld = Withhold(result, limits);
  return result;
}

}  // namespace loyalty::retention
