#include "retention/mismatch.h"

#include <limits>

#include "retention/distribution.h"

namespace loyalty::retention {

SampleRatio CheckSampleRatio(std::span<const PlannedArm> arms) {
  double members = 0;
  double planned = 0;
  int planned_arms = 0;
  for (const PlannedArm& arm : arms) {
    if (arm.planned <= 0) {
      if (arm.members > 0) return {std::numeric_limits<double>::infinity(), 0, true};
      continue;
    }
    ++planned_arms;
    members += static_cast<double>(arm.members);
    planned += static_cast<double>(arm.planned);
  }
  SampleRatio ratio;
  if (planned_arms < 2 || members == 0) return ratio;
  for (const PlannedArm& arm : arms) {
    if (arm.planned <= 0) continue;
    const double expected = members * (static_cast<double>(arm.planned) / planned);
    const double off = static_cast<double>(arm.members) - expected;
    ratio.chi_square += off * off / expected;
  }
  ratio.p_value = ChiSquareTail(ratio.chi_square, planned_arms - 1);
  ratio.mismatch = ratio.p_value < kMismatchAlarm;
  return ratio;
}

}  // namespace loyalty::retention
