#include "retention/lift_spend.h"

#include <algorithm>
#include <cmath>

#include "retention/check.h"
#include "retention/distribution.h"

namespace loyalty::retention {
namespace {

// sum (a - mean a)(b - mean b), from whole sums. Most of it is taken off in whole numbers: a difference of two large
// doubles would leave nothing of a small variance.
double Centred(__int128 sum_ab, __int128 sum_a, __int128 sum_b, std::int64_t n) {
  if (n == 0) return 0;
  const __int128 about_a = sum_a / n;
  const __int128 about_b = sum_b / n;
  const __int128 left_a = sum_a - n * about_a;  // less than n
  const __int128 left_b = sum_b - n * about_b;
  const __int128 around = sum_ab - about_a * sum_b - about_b * left_a;
  return static_cast<double>(around) -
         static_cast<double>(left_a) * static_cast<double>(left_b) / static_cast<double>(n);
}

double Mean(__int128 sum, std::int64_t n) { return n == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(n); }

// The mean of an arm and its squared standard error.
struct Estimate {
  double members = 0;
  double mean = 0;
  double variance = 0;  // of the mean
};

Estimate EstimateOf(double mean, double squares, std::int64_t members) {
  const auto n = static_cast<double>(members);
  return {.members = n, .mean = mean, .variance = std::max(0.0, squares) / (n - 1) / n};
}

SpendDifference Welch(const Estimate& treated, const Estimate& control, double alpha) {
  SpendDifference result;
  result.difference = treated.mean - control.mean;
  const double variance = treated.variance + control.variance;
  if (variance == 0) {
    result.interval = {result.difference, result.difference};
    result.p_value = result.difference == 0 ? 1 : 0;
    result.degrees_of_freedom = treated.members + control.members - 2;
    return result;
  }
  const double share = treated.variance / variance;
  result.degrees_of_freedom =
      1 / (share * share / (treated.members - 1) + (1 - share) * (1 - share) / (control.members - 1));
  const double error = std::sqrt(variance);
  result.p_value = StudentTwoSided(result.difference / error, result.degrees_of_freedom);
  const double reach = StudentTwoSidedQuantile(alpha, result.degrees_of_freedom) * error;
  result.interval = {result.difference - reach, result.difference + reach};
  return result;
}

bool CanCompare(const SpendSums& treated, const SpendSums& control) {
  return treated.members() >= 2 && control.members() >= 2;
}

}  // namespace

void SpendSums::Add(std::int64_t before_minor, std::int64_t during_minor) {
  Check(members_ < kMembersMax, "the sums have room for this many members");
  const __int128 before = std::clamp(before_minor, -kSpendMax, kSpendMax);
  const __int128 during = std::clamp(during_minor, -kSpendMax, kSpendMax);
  ++members_;
  before_ += before;
  during_ += during;
  before_squared_ += before * before;
  during_squared_ += during * during;
  product_ += before * during;
}

double SpendSums::MeanBefore() const { return Mean(before_, members_); }
double SpendSums::MeanDuring() const { return Mean(during_, members_); }
double SpendSums::SquaresBefore() const { return Centred(before_squared_, before_, before_, members_); }
double SpendSums::SquaresDuring() const { return Centred(during_squared_, during_, during_, members_); }
double SpendSums::Products() const { return Centred(product_, before_, during_, members_); }

std::optional<SpendDifference> WelchTest(const SpendSums& treated, const SpendSums& control, double alpha) {
  if (!CanCompare(treated, control)) return std::nullopt;
  return Welch(EstimateOf(treated.MeanDuring(), treated.SquaresDuring(), treated.members()),
               EstimateOf(control.MeanDuring(), control.SquaresDuring(), control.members()), alpha);
}

std::optional<CupedDifference> CupedTest(const SpendSums& treated, const SpendSums& control, double alpha) {
  if (!CanCompare(treated, control)) return std::nullopt;
  const double squares_before = treated.SquaresBefore() + control.SquaresBefore();
  if (!(squares_before > 0)) return std::nullopt;
  CupedDifference result;
  result.theta = (treated.Products() + control.Products()) / squares_before;
  const auto adjusted = [theta = result.theta](const SpendSums& arm) {
    const double squares = arm.SquaresDuring() - theta * (2 * arm.Products() - theta * arm.SquaresBefore());
    return EstimateOf(arm.MeanDuring() - theta * arm.MeanBefore(), squares, arm.members());
  };
  const auto plain = [](const SpendSums& arm) {
    return EstimateOf(arm.MeanDuring(), arm.SquaresDuring(), arm.members()).variance;
  };
  const Estimate of_treated = adjusted(treated);
  const Estimate of_control = adjusted(control);
  result.spend = Welch(of_treated, of_control, alpha);
  const double before = plain(treated) + plain(control);
  result.variance_reduction = before == 0 ? 0 : 1 - (of_treated.variance + of_control.variance) / before;
  return result;
}

}  // namespace loyalty::retention
