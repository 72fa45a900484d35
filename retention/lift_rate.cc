#include "retention/lift_rate.h"

#include <algorithm>
#include <cmath>

#include "retention/distribution.h"

namespace loyalty::retention {

Interval WilsonInterval(const RateArm& arm, double alpha) {
  if (arm.members == 0) return {0, 1};
  const double z = NormalQuantile(1 - alpha / 2);
  const auto n = static_cast<double>(arm.members);
  const double p = arm.Rate();
  const double centre = p + z * z / (2 * n);
  const double reach = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // At the ends the formula is exact but for rounding.
  return {.low = arm.buyers == 0 ? 0 : std::max(0.0, (centre - reach) / scale),
          .high = arm.buyers == arm.members ? 1 : std::min(1.0, (centre + reach) / scale)};
}

Interval NewcombeInterval(const RateArm& treated, const RateArm& control, double alpha) {
  if (treated.members == 0 || control.members == 0) return {-1, 1};
  const Interval of_treated = WilsonInterval(treated, alpha);
  const Interval of_control = WilsonInterval(control, alpha);
  const double p1 = treated.Rate();
  const double p0 = control.Rate();
  return {.low = p1 - p0 - std::hypot(p1 - of_treated.low, of_control.high - p0),
          .high = p1 - p0 + std::hypot(of_treated.high - p1, p0 - of_control.low)};
}

std::optional<RelativeLift> MeasureRelativeLift(const RateArm& treated, const RateArm& control, double alpha) {
  if (treated.buyers == 0 || control.buyers == 0) return std::nullopt;
  const double ratio = treated.Rate() / control.Rate();
  const auto part = [](const RateArm& arm) {
    return 1 / static_cast<double>(arm.buyers) - 1 / static_cast<double>(arm.members);
  };
  const double reach = NormalQuantile(1 - alpha / 2) * std::sqrt(part(treated) + part(control));
  return RelativeLift{.lift = ratio - 1,
                      .interval = {.low = ratio * std::exp(-reach) - 1, .high = ratio * std::exp(reach) - 1}};
}

double TwoProportionP(const RateArm& treated, const RateArm& control) {
  const std::int64_t members = treated.members + control.members;
  const std::int64_t buyers = treated.buyers + control.buyers;
  if (treated.members == 0 || control.members == 0 || buyers == 0 || buyers == members) return 1;
  const double pooled = static_cast<double>(buyers) / static_cast<double>(members);
  const double variance =
      pooled * (1 - pooled) * (1 / static_cast<double>(treated.members) + 1 / static_cast<double>(control.members));
  return 2 * NormalCdf(-std::abs(treated.Rate() - control.Rate()) / std::sqrt(variance));
}

}  // namespace loyalty::retention
