#include "retention/lift.h"

#include <algorithm>
#include <array>
#include <vector>

#include "retention/holm.h"
#include "retention/sample_size.h"

namespace loyalty::retention {
namespace {

LiftVerdict Judge(const LiftReport& report, bool horizon_reached) {
  if (report.sample_ratio.mismatch) return LiftVerdict::kArmsMismatch;
  if (!horizon_reached) return LiftVerdict::kTooEarly;
  if (report.p_value_adjusted >= report.alpha || report.rate_interval.Holds(0)) return LiftVerdict::kNotProven;
  return report.rate_difference > 0 ? LiftVerdict::kProvenGain : LiftVerdict::kProvenLoss;
}

std::optional<std::int64_t> StillNeeded(const RateArm& treated, const RateArm& control, const LiftPlan& plan) {
  const double control_rate = control.Rate();
  const double treated_rate =
      plan.worthwhile_difference ? std::min(1.0, control_rate + *plan.worthwhile_difference) : treated.Rate();
  return MorePerArm(treated.members, control.members, control_rate, treated_rate, plan.alpha, plan.power);
}

}  // namespace

LiftReport MeasureLift(const LiftArm& treated, const LiftArm& control, const LiftPlan& plan) {
  LiftReport report;
  report.alpha = plan.alpha;
  report.rate_difference = treated.rate.Rate() - control.rate.Rate();
  report.rate_interval = NewcombeInterval(treated.rate, control.rate, plan.alpha);
  report.relative = MeasureRelativeLift(treated.rate, control.rate, plan.alpha);
  report.p_value = report.p_value_adjusted = TwoProportionP(treated.rate, control.rate);
  report.spend = WelchTest(treated.spend, control.spend, plan.alpha);
  report.cuped = CupedTest(treated.spend, control.spend, plan.alpha);
  const std::array arms = {PlannedArm{treated.rate.members, plan.treated_share},
                           PlannedArm{control.rate.members, plan.control_share}};
  report.sample_ratio = CheckSampleRatio(arms);
  report.more_per_arm = StillNeeded(treated.rate, control.rate, plan);
  report.verdict = Judge(report, plan.horizon_reached);
  return report;
}

void CorrectForSeveral(std::span<LiftReport> reports) {
  std::vector<double> p_values;
  for (const LiftReport& report : reports) p_values.push_back(report.p_value);
  const std::vector<double> adjusted = HolmAdjust(p_values);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    LiftReport& report = reports[i];
    report.p_value_adjusted = adjusted[i];
    report.verdict = Judge(report, report.verdict != LiftVerdict::kTooEarly);
  }
}

}  // namespace loyalty::retention
