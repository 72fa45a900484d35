#include "retention/sample_size.h"

#include <algorithm>
#include <cmath>

#include "retention/distribution.h"

namespace loyalty::retention {
namespace {

constexpr double kMembersMax = 1e15;  // whole in a double, and more than anybody has
constexpr std::int64_t kMembersMin = 2;

double SumOfQuantiles(double alpha, double power) { return NormalQuantile(1 - alpha / 2) + NormalQuantile(power); }

std::optional<std::int64_t> RoundUp(double members) {
  if (!(members <= kMembersMax)) return std::nullopt;
  return std::max(kMembersMin, static_cast<std::int64_t>(std::ceil(members)));
}

}  // namespace

std::optional<std::int64_t> RequiredPerArm(double control_rate, double treated_rate, double alpha, double power) {
  const double standard = SumOfQuantiles(alpha, power) / (treated_rate - control_rate);
  return RoundUp(standard * standard * (treated_rate * (1 - treated_rate) + control_rate * (1 - control_rate)));
}

std::optional<std::int64_t> RequiredPerArmForSpend(double standard_deviation, double difference, double alpha,
                                                   double power) {
  const double standard = SumOfQuantiles(alpha, power) * standard_deviation / difference;
  return RoundUp(2 * standard * standard);
}

std::optional<std::int64_t> MorePerArm(std::int64_t treated, std::int64_t control, double control_rate,
                                       double treated_rate, double alpha, double power) {
  const auto required = RequiredPerArm(control_rate, treated_rate, alpha, power);
  if (!required) return std::nullopt;
  const double error_max = (treated_rate - control_rate) / SumOfQuantiles(alpha, power);
  const auto is_enough = [&](std::int64_t more) {
    const std::int64_t n1 = treated + more;
    const std::int64_t n0 = control + more;
    if (std::min(n1, n0) < kMembersMin) return false;
    return treated_rate * (1 - treated_rate) / static_cast<double>(n1) +
               control_rate * (1 - control_rate) / static_cast<double>(n0) <=
           error_max * error_max;
  };
  if (is_enough(0)) return 0;
  // With the smaller arm at what two equal arms need, there is always enough.
  std::int64_t too_few = 0;
  std::int64_t enough = std::max<std::int64_t>(1, *required - std::min(treated, control));
  while (enough - too_few > 1) {
    const std::int64_t middle = too_few + (enough - too_few) / 2;
    (is_enough(middle) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace loyalty::retention
