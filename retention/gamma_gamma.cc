#include "retention/gamma_gamma.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "retention/minimise.h"
#include "retention/polish.h"
#include "retention/special.h"

namespace loyalty::retention {
namespace {

constexpr double kGradientMax = 1e-6;  // where Newton's method takes over

// Of ln p, ln q, ln gamma, gamma in units of the mean purchase day.
const Box& SpendBox() {
  static const Box kBox{.low = {std::log(1e-3), std::log(1e-3), std::log(1e-4)},
                        .high = {std::log(1e4), std::log(1e5), std::log(1e6)}};
  return kBox;
}

struct Spender {
  std::int32_t repeats;
  double amount;  // in units of the mean purchase day

  bool operator<(const Spender& other) const {
    return std::tie(repeats, amount) < std::tie(other.repeats, other.amount);
  }
};

// Customers sorted, with the sums that do not depend on a parameter.
class SpendLikelihood {
 public:
  explicit SpendLikelihood(const std::vector<Spender>& spenders) : spenders_(spenders) {
    for (const Spender& spender : spenders) {
      const double ln_amount = std::log(spender.amount);
      sum_x_ln_amount_ += spender.repeats * ln_amount;
      // The density of the mean z = amount / x.
      constant_ += std::log(spender.repeats) - ln_amount;
    }
  }

  // Log-likelihood of p, q, gamma and its derivatives by their logarithms (eq. 1a of the note).
  double operator()(double p, double q, double gamma, std::span<double> gradient) const {
    const double customers = static_cast<double>(spenders_.size());
    double ln = constant_ + p * sum_x_ln_amount_;
    double by_p = sum_x_ln_amount_;
    double by_q = 0;
    double by_gamma = 0;
    for (std::size_t i = 0; i < spenders_.size();) {
      // All with the same x: one evaluation of the special functions.
      const std::int32_t x = spenders_[i].repeats;
      double count = 0;
      double ln_growth = 0;   // sum of ln(1 + amount / gamma)
      double not_amount = 0;  // sum of gamma / (gamma + amount)
      for (; i < spenders_.size() && spenders_[i].repeats == x; ++i, count += 1) {
        const double ratio = spenders_[i].amount / gamma;
        ln_growth += std::log1p(ratio);
        not_amount += 1 / (1 + ratio);
      }
      const double px = p * x;
      const double digamma_sum = Digamma(px + q);
      ln += count * (LogGammaRatio(px, q) - px * std::log(gamma)) - (px + q) * ln_growth;
      by_p += x * (count * (digamma_sum - Digamma(px) - std::log(gamma)) - ln_growth);
      by_q += count * digamma_sum - ln_growth;
      by_gamma += count * q - (px + q) * not_amount;
    }
    ln -= customers * LogGamma(q);
    by_q -= customers * Digamma(q);
    gradient[0] = by_p * p;
    gradient[1] = by_q * q;
    gradient[2] = by_gamma;
    return ln;
  }

 private:
  const std::vector<Spender>& spenders_;
  double sum_x_ln_amount_ = 0;
  double constant_ = 0;
};

// -log-likelihood / customers.
Objective ObjectiveOf(const SpendLikelihood& likelihood, std::size_t customers) {
  return [&likelihood, n = static_cast<double>(customers)](std::span<const double> point, std::span<double> gradient) {
    const double value = likelihood(std::exp(point[0]), std::exp(point[1]), std::exp(point[2]), gradient);
    for (double& derivative : gradient) derivative /= -n;
    return -value / n;
  };
}

// The best of a few starts, on a small picture of the same customers.
std::vector<double> BestStart(const std::vector<Spender>& spenders) {
  constexpr std::size_t kThinSpenders = 5'000;
  constexpr std::array<std::array<double, 3>, 3> kStarts = {{{1, 3, 2}, {6, 4, 0.5}, {0.5, 10, 10}}};
  std::vector<Spender> thin;
  const std::size_t step = (spenders.size() + kThinSpenders - 1) / kThinSpenders;
  for (std::size_t i = 0; i < spenders.size(); i += step) thin.push_back(spenders[i]);
  const SpendLikelihood likelihood(thin);
  Minimum best;
  for (const auto& [p, q, gamma] : kStarts) {
    Minimum found = Minimise(ObjectiveOf(likelihood, thin.size()), SpendBox(),
                             {std::log(p), std::log(q), std::log(gamma)}, {.gradient_max = 1e-5});
    if (best.point.empty() || found.value < best.value) best = std::move(found);
  }
  return best.point;
}

}  // namespace

Spend SpendOf(const MemberSummary& summary, double minor_per_unit) {
  return {static_cast<std::int32_t>(summary.days - 1),
          static_cast<double>(summary.amount - summary.first_day_amount) / minor_per_unit};
}

double ExpectedSpend(const SpendModel& model, const Spend& spend) {
  if (spend.repeats <= 0 || !(spend.amount > 0)) return model.mean;
  return (model.prior_days * model.mean + spend.amount) / (model.prior_days + spend.repeats);
}

SpendFit FitSpend(std::span<const Spend> customers) {
  SpendFit fit;
  std::vector<Spender> spenders;
  for (const Spend& spend : customers) {
    if (spend.repeats <= 0) continue;
    if (spend.amount > 0 && std::isfinite(spend.amount)) {
      spenders.push_back({spend.repeats, spend.amount});
    } else {
      ++fit.left_out;
    }
  }
  fit.customers = static_cast<std::int64_t>(spenders.size());
  if (spenders.empty()) return fit;
  std::sort(spenders.begin(), spenders.end());
  double amount = 0;
  double days = 0;
  for (const Spender& spender : spenders) {
    amount += spender.amount;
    days += spender.repeats;
  }
  const double mean = amount / days;
  fit.model = {.mean = mean, .prior_days = 1};
  if (fit.customers < kSpendersMin) return fit;

  for (Spender& spender : spenders) spender.amount /= mean;
  const double n = static_cast<double>(spenders.size());
  const SpendLikelihood likelihood(spenders);
  const Objective objective = ObjectiveOf(likelihood, spenders.size());
  Minimum minimum = Minimise(objective, SpendBox(), BestStart(spenders), {.gradient_max = kGradientMax});
  const Curvature curvature = Polish(objective, SpendBox(), minimum);
  for (std::size_t i = 0; i < fit.ln_errors.size(); ++i)
    fit.ln_errors[i] = std::sqrt(curvature.inverse_diagonal[i] / n);
  fit.gradient_norm = minimum.gradient_norm;
  fit.p = std::exp(minimum.point[0]);
  fit.q = std::exp(minimum.point[1]);
  fit.gamma = std::exp(minimum.point[2]) * mean;
  fit.log_likelihood = -minimum.value * n - n * std::log(mean);
  if (!(minimum.gradient_norm <= kGradientMax) || !curvature.definite) {
    fit.status = SpendStatus::kNotConverged;
  } else if (fit.q <= 1) {
    fit.status = SpendStatus::kNoMean;
  } else {
    fit.status = SpendStatus::kConverged;
    fit.model = {.mean = fit.gamma * fit.p / (fit.q - 1), .prior_days = (fit.q - 1) / fit.p};
  }
  return fit;
}

std::string_view Describe(SpendStatus status) {
  switch (status) {
    case SpendStatus::kConverged: return "the parameters are known as well as their errors say";
    case SpendStatus::kTooThin: return "too few customers have bought again";
    case SpendStatus::kNotConverged: return "the search for the parameters did not end";
    case SpendStatus::kNoMean: return "a few purchases are so large that no mean can be told";
  }
  return "";
}

}  // namespace loyalty::retention
