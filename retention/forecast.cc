#include "retention/forecast.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace loyalty::retention {
namespace {

constexpr double kNoCertainty = 1e-15;

// Members with the same score.
struct Tie {
  double score = 0;
  std::int64_t members = 0;
  std::int64_t happened = 0;
};

std::vector<Tie> TiesOf(std::span<const Forecast> forecasts) {
  std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
  std::sort(sorted.begin(), sorted.end(), [](const Forecast& a, const Forecast& b) { return a.score < b.score; });
  std::vector<Tie> ties;
  for (const Forecast& forecast : sorted) {
    if (ties.empty() || ties.back().score != forecast.score) ties.push_back({.score = forecast.score});
    ++ties.back().members;
    ties.back().happened += forecast.happened ? 1 : 0;
  }
  return ties;
}

// The mean of `loss` over all forecasts, summed in an order that does not depend on that of the members.
template <typename Loss>
double MeanLoss(std::span<const Forecast> forecasts, Loss loss) {
  if (forecasts.empty()) return 0;
  double sum = 0;
  for (const Tie& tie : TiesOf(forecasts)) {
    sum += static_cast<double>(tie.happened) * loss(tie.score, true);
    sum += static_cast<double>(tie.members - tie.happened) * loss(tie.score, false);
  }
  return sum / static_cast<double>(forecasts.size());
}

}  // namespace

std::optional<double> Auc(std::span<const Forecast> forecasts) {
  std::int64_t happened = 0;
  std::int64_t not_happened = 0;
  double pairs = 0;  // won, in halves: whole numbers below 2^53 for 60 million members
  for (const Tie& tie : TiesOf(forecasts)) {
    const std::int64_t misses = tie.members - tie.happened;
    pairs += static_cast<double>(tie.happened) * static_cast<double>(2 * not_happened + misses);
    happened += tie.happened;
    not_happened += misses;
  }
  if (happened == 0 || not_happened == 0) return std::nullopt;
  return pairs / (2 * static_cast<double>(happened) * static_cast<double>(not_happened));
}

double BrierScore(std::span<const Forecast> probabilities) {
  return MeanLoss(probabilities, [](double p, bool happened) {
    const double error = happened ? 1 - p : p;
    return error * error;
  });
}

double LogLoss(std::span<const Forecast> probabilities) {
  return MeanLoss(probabilities, [](double p, bool happened) {
    const double given = std::clamp(p, kNoCertainty, 1 - kNoCertainty);
    return happened ? -std::log(given) : -std::log1p(-given);
  });
}

std::vector<CalibrationDecile> Calibrate(std::span<const Forecast> probabilities) {
  constexpr std::int64_t kDeciles = 10;
  if (probabilities.empty()) return {};
  std::vector<CalibrationDecile> deciles(kDeciles);
  // In tenths of a member a decile is a whole number: N of them.
  const auto size = static_cast<std::int64_t>(probabilities.size());
  std::size_t decile = 0;
  std::int64_t room = size;
  for (const Tie& tie : TiesOf(probabilities)) {
    const double share = static_cast<double>(tie.happened) / static_cast<double>(tie.members);
    for (std::int64_t left = kDeciles * tie.members; left > 0;) {
      if (room == 0) {
        ++decile;
        room = size;
      }
      const std::int64_t part = std::min(left, room);
      deciles[decile].predicted += static_cast<double>(part) * tie.score / static_cast<double>(size);
      deciles[decile].observed += static_cast<double>(part) * share / static_cast<double>(size);
      left -= part;
      room -= part;
    }
  }
  return deciles;
}

double CalibrationError(std::span<const CalibrationDecile> deciles) {
  if (deciles.empty()) return 0;
  double sum = 0;
  for (const CalibrationDecile& decile : deciles) sum += std::abs(decile.predicted - decile.observed);
  return sum / static_cast<double>(deciles.size());
}

}  // namespace loyalty::retention
