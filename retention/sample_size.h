// How many members an experiment needs to find what it looks for.
#pragma once

#include <cstdint>
#include <optional>

namespace loyalty::retention {

// Members per arm, rounded up, with which a two-sided test at level `alpha` finds that the rates are `control_rate` and
// `treated_rate` (0 to 1) with probability `power`:
//   n = (z(1 - alpha / 2) + z(power))^2 (p1 q1 + p0 q0) / (p1 - p0)^2
// Chow, Shao and Wang 2008, "Sample Size Calculations in Clinical Research", section 4.2.1. At least 2. nullopt when
// the rates are equal or so close that more than 10^15 members would be needed.
std::optional<std::int64_t> RequiredPerArm(double control_rate, double treated_rate, double alpha, double power);

// The same for a difference of mean spend whose members differ by `standard_deviation` > 0 in both arms, both in minor
// units: n = 2 (z(1 - alpha / 2) + z(power))^2 (sd / difference)^2.
std::optional<std::int64_t> RequiredPerArmForSpend(double standard_deviation, double difference, double alpha,
                                                   double power);

// Members that each of two arms, which may differ in size, needs in addition to those it has, so that
//   p1 q1 / (n1 + more) + p0 q0 / (n0 + more) <= ((p1 - p0) / (z(1 - alpha / 2) + z(power)))^2.
// Of two empty arms this is RequiredPerArm. 0 when they are large enough; nullopt as above.
std::optional<std::int64_t> MorePerArm(std::int64_t treated, std::int64_t control, double control_rate,
                                       double treated_rate, double alpha, double power);

}  // namespace loyalty::retention
