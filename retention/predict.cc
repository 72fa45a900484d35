#include "retention/predict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "retention/special.h"
#include "retention/stages.h"

namespace loyalty::retention {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNeverDays = 1e9;

double SizeOf(const Model& model, const History& history) {
  return model.r + static_cast<double>(model.k) * history.repeats;
}

double OddsSinceLast(const Model& model, const History& history) {
  return (history.age_days - history.recency_days) / (AlphaDays(model) + history.recency_days);
}

double OddsAhead(const Model& model, const History& history, double days) {
  return days / (AlphaDays(model) + history.age_days);
}

// b of the Beta distribution of p given that the customer is alive; a stays as it is.
double StayedOf(const Model& model, const History& history) {
  return model.b + history.repeats + (model.kind == ModelKind::kBgNbd ? 0 : 1);
}

// Odds that the customer left after the last purchase, before time passes without another.
double OddsOfLeaving(const Model& model, const History& history) {
  if (model.kind == ModelKind::kBgNbd && history.repeats == 0) return 0;
  return model.a / (StayedOf(model, history) - 1);
}

// P(the running gap has passed j stages), j < k, while it has not ended.
std::array<double, kStagesMax> StageWeights(const Model& model, const History& history) {
  const double size = SizeOf(model, history);
  const double u = (history.age_days - history.recency_days) / (AlphaDays(model) + history.age_days);
  std::array<double, kStagesMax> weights{};
  double term = 1;
  double sum = 0;
  for (std::int32_t j = 0; j < model.k; ++j) {
    weights[static_cast<std::size_t>(j)] = term;
    sum += term;
    term *= (size + j) * u / (j + 1);
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

// The odds at which LogNegativeBinomialHead(k, size, odds) falls to `ln_head` < 0.
double OddsWhereHeadIs(std::int32_t k, double size, double ln_head) {
  if (k == 1) return std::expm1(-ln_head / size);
  double low = 0;
  double high = 1;
  while (LogNegativeBinomialHead(k, size, high) > ln_head && high < 1e300) high *= 2;
  while (high - low > 1e-10 * high) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    (LogNegativeBinomialHead(k, size, middle) > ln_head ? low : high) = middle;
  }
  return high;
}

double DaysAtOdds(const Model& model, const History& history, double odds) {
  const double days = history.recency_days + odds * (AlphaDays(model) + history.recency_days);
  return days <= kNeverDays ? days : kInfinity;
}

}  // namespace

double ProbabilityAlive(const Model& model, const History& history) {
  const double leaving = OddsOfLeaving(model, history);
  if (leaving == 0) return 1;
  const double ln_head = LogNegativeBinomialHead(model.k, SizeOf(model, history), OddsSinceLast(model, history));
  return 1 / (1 + leaving * std::exp(-ln_head));
}

double ProbabilityToBuy(const Model& model, const History& history, double days) {
  const double size = SizeOf(model, history);
  const double odds = OddsAhead(model, history, days);
  const double alive = ProbabilityAlive(model, history);
  if (model.k == 1) return alive * NegativeBinomialTail(1, size, odds);
  const auto weights = StageWeights(model, history);
  double sum = 0;
  for (std::int32_t j = 0; j < model.k; ++j)
    sum += weights[static_cast<std::size_t>(j)] * NegativeBinomialTail(model.k - j, size + j, odds);
  return alive * std::min(sum, 1.0);
}

double ExpectedPurchases(const Model& model, const History& history, double days) {
  if (!(days > 0)) return 0;
  const double odds = OddsAhead(model, history, days);
  const auto weights = StageWeights(model, history);
  double sum = 0;
  for (std::int32_t j = 0; j < model.k; ++j) {
    const double weight = weights[static_cast<std::size_t>(j)];
    if (weight > 0)
      sum += weight * PurchasesOfStages({.k = model.k, .passed = j, .a = model.a, .b = StayedOf(model, history)},
                                        SizeOf(model, history) + j, odds);
  }
  return ProbabilityAlive(model, history) * sum;
}

double ProbabilityOfCount(const Model& model, int n, double days) {
  const double odds = days / AlphaDays(model);
  const double z = odds / (1 + odds);
  const bool may_leave_at_first = model.kind != ModelKind::kBgNbd;
  // P(stayed after each of the n, or n + 1, purchases), and P(left after the last of them).
  double stayed = 1;
  double left = 0;
  for (int i = 0; i < n + (may_leave_at_first ? 1 : 0); ++i) {
    left = stayed * model.a / (model.a + model.b + i);
    stayed *= (model.b + i) / (model.a + model.b + i);
  }
  double ln_term = -model.r * std::log1p(odds);
  double below = 0;    // P(stages < k n)
  double exactly = 0;  // P(k n <= stages < k n + k)
  for (int i = 0; i < model.k * (n + 1); ++i) {
    (i < model.k * n ? below : exactly) += std::exp(ln_term);
    ln_term += std::log((model.r + i) * z / (i + 1));
  }
  return stayed * exactly + left * std::max(0.0, 1 - below);
}

double Overdue(const Model& model, const History& history) {
  return NegativeBinomialTail(model.k, SizeOf(model, history), OddsSinceLast(model, history));
}

double PersonalCycleDays(const Model& model, const History& history) {
  return OverdueAtOdds(model, history.repeats, 0.5) * (AlphaDays(model) + history.recency_days);
}

double OverdueAtDays(const Model& model, const History& history, double phi) {
  return DaysAtOdds(model, history, OverdueAtOdds(model, history.repeats, phi));
}

double AliveUntilDays(const Model& model, const History& history, double theta) {
  return DaysAtOdds(model, history, AliveUntilOdds(model, history.repeats, theta));
}

double OverdueAtOdds(const Model& model, std::int32_t repeats, double phi) {
  return OddsWhereHeadIs(model.k, SizeOf(model, {.repeats = repeats}), std::log1p(-phi));
}

double AliveUntilOdds(const Model& model, std::int32_t repeats, double theta) {
  const History history{.repeats = repeats};
  const double leaving = OddsOfLeaving(model, history);
  if (leaving == 0) return kInfinity;
  // P(alive) = 1 / (1 + leaving / head).
  const double ln_head = std::log(theta) - std::log1p(-theta) + std::log(leaving);
  return ln_head < 0 ? OddsWhereHeadIs(model.k, SizeOf(model, history), ln_head) : 0;
}

double ProbabilityInOwnCycle(const Model& model, std::int32_t repeats, double s) {
  // Any t_x will do: with alpha + t_x as the unit of time only s is left of a silence.
  const History history{.repeats = repeats, .recency_days = 0, .age_days = s * AlphaDays(model)};
  return ProbabilityToBuy(model, history, OverdueAtOdds(model, repeats, 0.5) * AlphaDays(model));
}

double HopelessAtOdds(const Model& model, std::int32_t repeats, double epsilon) {
  double low = 0;
  double high = 1;
  if (ProbabilityInOwnCycle(model, repeats, 0) < epsilon) return 0;
  while (ProbabilityInOwnCycle(model, repeats, high) >= epsilon) {
    low = high;
    high *= 2;
    if (high > kNeverDays) return kInfinity;
  }
  while (high - low > 1e-10 * high) {
    const double middle = (low + high) / 2;
    (ProbabilityInOwnCycle(model, repeats, middle) >= epsilon ? low : high) = middle;
  }
  return high;
}

}  // namespace loyalty::retention
