#include "retention/gamma_gamma.h"

#include <cmath>
#include <utility>
#include <vector>

#include "retention/log_sum.h"
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

// What is the same for all parameters is summed once.
class SpendLikelihood {
 public:
  explicit SpendLikelihood(const Spenders& spenders) : spenders_(spenders) {
    for (const Spenders::Group& group : spenders.groups) {
      LogSum amounts;
      for (std::size_t i = group.begin; i < group.end; ++i) amounts.Add(spenders.amounts[i]);
      const double ln_amounts = amounts.Sum();
      sum_x_ln_amount_ += group.repeats * ln_amounts;
      // The density of the mean z = amount / x.
      constant_ += static_cast<double>(group.end - group.begin) * std::log(group.repeats) - ln_amounts;
    }
  }

  // Log-likelihood of p, q, gamma and its derivatives by their logarithms (eq. 1a of the note).
  double operator()(double p, double q, double gamma, std::span<double> gradient) const {
    const double customers = static_cast<double>(spenders_.amounts.size());
    const double per_gamma = 1 / gamma;
    double ln = constant_ + p * sum_x_ln_amount_;
    double by_p = sum_x_ln_amount_;
    double by_q = 0;
    double by_gamma = 0;
    for (const Spenders::Group& group : spenders_.groups) {
      const double count = static_cast<double>(group.end - group.begin);
      LogSum growth;          // of 1 + amount / gamma
      double not_amount = 0;  // sum of gamma / (gamma + amount)
      for (std::size_t i = group.begin; i < group.end; ++i) {
        const double ratio = spenders_.amounts[i] * per_gamma;
        if (ratio < kRatioSmall) {
          growth.AddLog(std::log1p(ratio));
        } else {
          growth.Add(1 + ratio);
        }
        not_amount += 1 / (1 + ratio);
      }
      const std::int32_t x = group.repeats;
      const double ln_growth = growth.Sum();
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
  static constexpr double kRatioSmall = 1e-3;  // below, 1 + ratio forgets more of it than a sum may

  const Spenders& spenders_;
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
std::vector<double> BestStart(const Spenders& spenders) {
  constexpr std::array<std::array<double, 3>, 3> kStarts = {{{1, 3, 2}, {6, 4, 0.5}, {0.5, 10, 10}}};
  const Spenders thin = Thin(spenders, 5'000);
  const SpendLikelihood likelihood(thin);
  Minimum best;
  for (const auto& [p, q, gamma] : kStarts) {
    Minimum found = Minimise(ObjectiveOf(likelihood, thin.amounts.size()), SpendBox(),
                             {std::log(p), std::log(q), std::log(gamma)}, {.gradient_max = 1e-5});
    if (best.point.empty() || found.value < best.value) best = std::move(found);
  }
  return best.point;
}

}  // namespace

double ExpectedSpend(const SpendModel& model, const Spend& spend) {
  if (spend.repeats <= 0 || !(spend.amount > 0)) return model.mean;
  return (model.prior_days * model.mean + spend.amount) / (model.prior_days + spend.repeats);
}

SpendFit FitSpend(std::span<const Spend> customers) {
  SpendCollector collector;
  for (const Spend& customer : customers) collector.Add(customer);
  return FitSpend(collector.Take());
}

SpendFit FitSpend(Spenders spenders) {
  SpendFit fit;
  fit.customers = static_cast<std::int64_t>(spenders.amounts.size());
  fit.left_out = spenders.left_out;
  if (spenders.amounts.empty()) return fit;
  double amount = 0;
  double days = 0;
  for (const Spenders::Group& group : spenders.groups)
    days += static_cast<double>(group.end - group.begin) * group.repeats;
  for (const double one : spenders.amounts) amount += one;
  const double mean = amount / days;
  fit.model = {.mean = mean, .prior_days = 1};
  if (fit.customers < kSpendersMin) return fit;

  for (double& one : spenders.amounts) one /= mean;
  const double n = static_cast<double>(fit.customers);
  const SpendLikelihood likelihood(spenders);
  const Objective objective = ObjectiveOf(likelihood, spenders.amounts.size());
  Minimum minimum = Minimise(objective, SpendBox(), BestStart(spenders), {.gradient_max = kGradientMax});
  const Curvature curvature = Polish(objective, SpendBox(), minimum);
  bool known = true;
  for (std::size_t i = 0; i < fit.ln_errors.size(); ++i) {
    fit.ln_errors[i] = std::sqrt(curvature.inverse_diagonal[i] / n);  // infinite at an edge of the box
    known = known && fit.ln_errors[i] <= kLnErrorMax;
  }
  fit.gradient_norm = minimum.gradient_norm;
  fit.p = std::exp(minimum.point[0]);
  fit.q = std::exp(minimum.point[1]);
  fit.gamma = std::exp(minimum.point[2]) * mean;
  fit.log_likelihood = -minimum.value * n - n * std::log(mean);
  if (!(minimum.gradient_norm <= kGradientMax) || !curvature.definite) {
    fit.status = SpendStatus::kNotConverged;
  } else if (fit.q <= 1) {
    fit.status = SpendStatus::kNoMean;  // also with gamma at an edge: the mean that scales it has run away
  } else if (!known) {
    fit.status = SpendStatus::kBoundary;
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
    case SpendStatus::kBoundary: return "a parameter lies at the edge of the search, or the data does not tell it";
  }
  return "";
}

}  // namespace loyalty::retention
