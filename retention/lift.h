// What an experiment proved: the effect of a campaign against its control group, with intervals and a plain verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "retention/lift_rate.h"
#include "retention/lift_spend.h"
#include "retention/mismatch.h"

namespace loyalty::retention {

// What was laid down before the experiment began.
struct LiftPlan {
  double alpha = 0.05;  // chance of a false winner, two-sided; intervals have the level 1 - alpha
  double power = 0.8;   // chance to find the difference looked for
  // The smallest difference of the rates that would be worth the campaign (0.01: one more buyer in 100), above 0; the
  // number of members still needed is for it. nullopt: for the difference observed, a weak guess from little data.
  std::optional<double> worthwhile_difference;
  std::int64_t treated_share = 1;  // planned sizes, in any common unit
  std::int64_t control_share = 1;
  bool horizon_reached = true;  // false: a look before the fixed end, which proves nothing (no peeking)
};

struct LiftArm {
  RateArm rate;
  SpendSums spend;  // of the same members; empty when spend is not looked at
};

// In the order of the checks.
enum class LiftVerdict : std::uint8_t {
  kArmsMismatch,  // the arms are not as assigned: whatever the figures say, nothing may be read from them
  kTooEarly,      // the fixed end is not reached
  kNotProven,     // the difference may be chance
  kProvenGain,    // more of the treated bought
  kProvenLoss,    // fewer of the treated bought
};

struct LiftReport {
  LiftVerdict verdict = LiftVerdict::kNotProven;
  double alpha = 0.05;
  double rate_difference = 0;            // of the treated less of the control group
  Interval rate_interval;                // Newcombe
  std::optional<RelativeLift> relative;  // log ratio; nullopt when an arm has no buyers
  double p_value = 1;                    // of the rate difference, z test
  double p_value_adjusted = 1;           // the same until CorrectForSeveral
  std::optional<SpendDifference> spend;  // Welch; nullopt with fewer than two members with spend in an arm
  std::optional<CupedDifference> cuped;  // nullopt as well when the spend before does not vary
  SampleRatio sample_ratio;
  // Members that each arm needs in addition. 0 when the experiment is large enough for the difference looked for, so
  // that "not proven" means there is none of that size; nullopt when no number would do (no difference to look for).
  std::optional<std::int64_t> more_per_arm;

  bool IsProven() const { return verdict == LiftVerdict::kProvenGain || verdict == LiftVerdict::kProvenLoss; }
};

// Evaluates an experiment by intention to treat. The rate is what is judged: a gain or loss is proven when its p value
// is below alpha and its interval does not hold 0, so that verdict and interval never contradict each other. The spend
// stands beside it and decides nothing.
LiftReport MeasureLift(const LiftArm& treated, const LiftArm& control, const LiftPlan& plan = {});

// Takes back, by Holm's correction, the proofs that several experiments (or segments of one) read together do not
// carry. The sizes needed stay those of one experiment. Safe to repeat.
void CorrectForSeveral(std::span<LiftReport> reports);

}  // namespace loyalty::retention
