// Whether the arms of an experiment are as large as they were meant to be.
#pragma once

#include <cstdint>
#include <span>

namespace loyalty::retention {

// One arm as counted, and its part of all as planned, in any unit common to the arms (90 and 10, or millionths).
struct PlannedArm {
  std::int64_t members = 0;
  std::int64_t planned = 0;
};

// Below this p value the assignment is broken and nothing may be read from the experiment: small, because the check
// runs on every experiment and on every look (Fabijan et al. 2019, "Diagnosing sample ratio mismatch").
inline constexpr double kMismatchAlarm = 0.001;

struct SampleRatio {
  double chi_square = 0;
  double p_value = 1;
  bool mismatch = false;  // p_value < kMismatchAlarm
};

// Pearson's chi-square of the counts against the plan. An arm with planned = 0 must be empty: a member in it is a
// mismatch with p = 0. Fewer than two planned arms, or no members: p = 1.
SampleRatio CheckSampleRatio(std::span<const PlannedArm> arms);

}  // namespace loyalty::retention
