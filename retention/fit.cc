#include "retention/fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "retention/minimise.h"
#include "retention/polish.h"

namespace loyalty::retention {
namespace {

constexpr std::size_t kThinRows = 5'000;  // enough to tell a good start from a bad one
constexpr double kThinGradientMax = 1e-5;
constexpr int kThinIterationsMax = 40;  // what has not come near by then crawls along a ridge, to where others start
constexpr double kGradientMax = 1e-6;   // where Newton's method takes over

// Quick, late and hardly any dropout. `rate_factor`: how much faster customers buy than is seen, because some have
// left.
struct Start {
  double r;
  double rate_factor;
  double a;
  double b;
};
constexpr Start kStarts[] = {{0.5, 2, 0.8, 2.5}, {0.25, 3, 2, 2}, {1.5, 1, 0.05, 1}, {1, 1, 0.01, 20}};

Box ParameterBox() {
  return {.low = {kParametersLow.begin(), kParametersLow.end()},
          .high = {kParametersHigh.begin(), kParametersHigh.end()}};
}

std::vector<double> PointOf(double r, double alpha_days, double a, double b) {
  return {std::log(r), std::log(alpha_days), std::log(a), std::log(b)};
}

// -log_likelihood / customers: values and derivatives near 1 whatever the number of customers.
Objective ObjectiveOf(LogLikelihood& likelihood, std::int64_t customers) {
  return [&likelihood, n = static_cast<double>(customers)](std::span<const double> point, std::span<double> gradient) {
    LnParameters parameters{};
    std::copy(point.begin(), point.end(), parameters.begin());
    LnParameters derivatives{};
    const double value = likelihood(parameters, derivatives);
    for (std::size_t i = 0; i < derivatives.size(); ++i) gradient[i] = -derivatives[i] / n;
    return -value / n;
  };
}

std::vector<double> BestStart(const CollapsedRows& rows, ModelKind kind, std::int32_t k) {
  const CollapsedRows thin = Thin(rows, kThinRows);
  double days = 0;
  for (const Row& row : thin.rows) days += static_cast<double>(row.age_days) * row.customers;
  const double stage_rate = k * std::max<double>(1, static_cast<double>(thin.repeats)) / std::max(1.0, days);
  LogLikelihood likelihood(thin, kind, k);
  Minimum best;
  for (const Start& start : kStarts) {
    const double alpha = start.r / (start.rate_factor * stage_rate);
    const Minimum found =
        Minimise(ObjectiveOf(likelihood, thin.customers), ParameterBox(), PointOf(start.r, alpha, start.a, start.b),
                 {.gradient_max = kThinGradientMax, .iterations_max = kThinIterationsMax});
    if (best.point.empty() || found.value < best.value) best = found;
  }
  return best.point;
}

void Conclude(const Curvature& curvature, const Minimum& minimum, Fit& fit) {
  fit.boundary = false;
  for (std::size_t i = 0; i < fit.ln_errors.size(); ++i) {
    fit.ln_errors[i] = std::sqrt(curvature.inverse_diagonal[i] / static_cast<double>(fit.customers));
    if (!(fit.ln_errors[i] <= kLnErrorMax)) fit.boundary = true;
  }
  fit.gradient_norm = minimum.gradient_norm;
  if (!(minimum.gradient_norm <= kGradientMax)) {
    fit.status = FitStatus::kNotConverged;
  } else {
    fit.status = fit.boundary ? FitStatus::kBoundary : FitStatus::kConverged;
  }
}

Fit BeginFit(const CollapsedRows& rows, const FitOptions& options) {
  Fit fit;
  fit.customers = rows.customers;
  fit.left_out = rows.left_out;
  fit.repeats = rows.repeats;
  fit.shortage = CheckData(rows, options.minimum);
  // A likelihood of nobody has no maximum, whatever the caller asks for.
  if (fit.shortage == Shortage::kNone && rows.customers == 0) fit.shortage = Shortage::kCustomers;
  if (fit.shortage == Shortage::kNone && rows.repeats == 0) fit.shortage = Shortage::kRepeats;
  return fit;
}

FitAdvice AdviceFor(const Fit& fit, const FitOptions& options) {
  if (fit.status == FitStatus::kConverged || fit.status == FitStatus::kBoundary) return FitAdvice::kUseModel;
  return options.previous ? FitAdvice::kKeepPrevious : FitAdvice::kUseHeuristics;
}

}  // namespace

const LnParameters kParametersLow = {std::log(1e-4), std::log(1e-3), std::log(1e-6), std::log(1e-4)};
const LnParameters kParametersHigh = {std::log(1e4), std::log(1e8), std::log(1e5), std::log(1e6)};

Fit FitStages(const CollapsedRows& rows, std::int32_t k, const FitOptions& options) {
  Fit fit = BeginFit(rows, options);
  fit.advice = AdviceFor(fit, options);
  if (fit.shortage != Shortage::kNone) return fit;
  LogLikelihood likelihood(rows, options.kind, k);
  const Objective objective = ObjectiveOf(likelihood, rows.customers);
  Minimum minimum;
  if (options.previous) {
    // A gap of k stages at k times the rate is as long as before. Newton's method alone: it is near.
    const Model& from = *options.previous;
    minimum = Minimise(objective, ParameterBox(), PointOf(from.r, AlphaDays(from) * from.k / k, from.a, from.b),
                       {.iterations_max = 0});
    Conclude(Polish(objective, ParameterBox(), minimum), minimum, fit);
    fit.evaluations = minimum.evaluations;
  }
  // At a boundary the likelihood is flat: a model that has once come there would never leave it.
  if (fit.status != FitStatus::kConverged) {
    minimum = Minimise(objective, ParameterBox(), BestStart(rows, options.kind, k), {.gradient_max = kGradientMax});
    Conclude(Polish(objective, ParameterBox(), minimum), minimum, fit);
    fit.evaluations += minimum.evaluations;
  }
  fit.advice = AdviceFor(fit, options);
  const std::vector<double>& point = minimum.point;
  fit.model = InUnit({.kind = options.kind,
                      .k = k,
                      .r = std::exp(point[0]),
                      .alpha = std::exp(point[1]),
                      .a = std::exp(point[2]),
                      .b = std::exp(point[3])},
                     options.days_per_unit);
  fit.log_likelihood = -minimum.value * static_cast<double>(rows.customers) +
                       static_cast<double>(rows.repeats) * std::log(options.days_per_unit);
  return fit;
}

Fit FitModel(const CollapsedRows& rows, const FitOptions& options) {
  const std::int32_t k_max = options.kind == ModelKind::kMbgCnbd ? std::clamp(options.k_max, 1, kStagesMax) : 1;
  Fit best = FitStages(rows, 1, options);
  std::int32_t evaluations = best.evaluations;
  for (std::int32_t k = 2; k <= k_max && best.status != FitStatus::kTooThin; ++k) {
    const Fit fit = FitStages(rows, k, options);
    evaluations += fit.evaluations;
    const bool better = fit.advice == FitAdvice::kUseModel &&
                        (best.advice != FitAdvice::kUseModel || fit.log_likelihood > best.log_likelihood);
    if (better) best = fit;
  }
  best.evaluations = evaluations;
  return best;
}

std::string_view Describe(FitStatus status) {
  switch (status) {
    case FitStatus::kConverged: return "the parameters are known as well as their errors say";
    case FitStatus::kBoundary: return "the data does not tell some parameters; predictions do not depend on them";
    case FitStatus::kNotConverged: return "the search for the parameters did not end";
    case FitStatus::kTooThin: return "there is too little data for a model";
  }
  return "";
}

}  // namespace loyalty::retention
