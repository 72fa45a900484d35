// The model on trial: fitted to the time before a day, judged by what members did after it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "retention/forecast.h"

namespace loyalty::retention {

// One member as it was on the last day of the calibration period, and its holdout. All numbers are finite.
struct BacktestMember {
  double probability = 0;      // the model's, of at least one purchase day in the holdout: 0 to 1
  double expected_days = 0;    // the model's expected purchase days in the holdout
  double days_since_last = 0;  // last purchase day to the end of calibration
  double overdue_ratio = 0;    // days since the last purchase / mean gap: of the population, where there is no own one
  std::int64_t bought_days = 0;  // purchase days in the holdout
};

// What members can be ranked by, simplest first. kConstant ranks all alike.
enum class RankingScore : std::uint8_t { kConstant, kRecency, kOverdueRatio, kProbability };
inline constexpr std::size_t kRankingScores = 4;

enum class RankingReason : std::uint8_t {
  kHighestAuc,     // it alone has the highest AUC
  kSimplestOfTie,  // others rank equally well, but it is simpler
  kNoneIsBetter,   // no score is better than chance, so all are alike
  kNoContrast,     // everybody bought or nobody did: nothing can be said
};

// Why probabilities are not to be shown, in the order of the checks.
enum class Withheld : std::uint8_t {
  kShown,        // they may be shown
  kNoContrast,   // everybody bought or nobody did
  kCalibration,  // calibration_error > limit
  kTotalBias,    // |total_bias| > limit
};

struct BacktestLimits {
  double calibration_error_max = 0.05;
  double total_bias_max = 0.25;
};

struct BacktestResult {
  std::int64_t members = 0;
  std::int64_t buyers = 0;                                // with at least one purchase day in the holdout
  std::array<std::optional<double>, kRankingScores> auc;  // by RankingScore; of buying in the holdout
  double brier = 0;                                       // of the probability
  double brier_constant = 0;                              // of the share of buyers, said of everybody
  double log_loss = 0;
  double log_loss_constant = 0;
  std::vector<CalibrationDecile> deciles;
  double calibration_error = 0;
  std::optional<double> total_bias;  // expected / bought days of all members - 1; nullopt when nothing was bought
  RankingScore ranking = RankingScore::kConstant;
  RankingReason ranking_reason = RankingReason::kNoContrast;
  Withheld withheld = Withheld::kNoContrast;

  std::optional<double> AucOf(RankingScore score) const { return auc[static_cast<std::size_t>(score)]; }
};

// Judges a model; the order of the members does not matter. The ranking is that of the highest AUC, whatever becomes of
// the probabilities: a badly calibrated model may rank well, and plain recency often ranks better (Wuebben and
// von Wangenheim 2008).
BacktestResult Backtest(std::span<const BacktestMember> members, const BacktestLimits& limits = {});

}  // namespace loyalty::retention
