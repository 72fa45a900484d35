// What an experiment proved, arm by arm against the control group, in words and figures.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clients/failure.h"
#include "clients/retention/experiment.h"
#include "retention/lift.h"
#include "retention/mismatch.h"

namespace loyalty::client {

struct LiftRequest {
  std::string control = {};
  std::vector<std::string> shares = {};  // "ARM=0.1": planned sizes; arms that are not named share the rest equally
  double alpha = 0.05;
  double power = 0.8;
  std::optional<double> worthwhile_difference = {};  // of rates
  bool before_end = false;                           // a look before the planned end: proves nothing
  int digits = 2;                                    // decimals of money in the file
};

// One arm against the control group.
struct ArmLift {
  std::string arm = {};
  retention::LiftReport converted = {};
  std::optional<retention::LiftReport> visited = {};  // beside it; with a correction of its own
};

struct LiftSummary {
  LiftRequest request;
  Experiment experiment;
  std::map<std::string, double> planned;  // share of each arm
  retention::SampleRatio sample_ratio;    // of all arms together
  std::vector<ArmLift> arms;              // all but the control group
};

// Failures: kUsage (no such control group, no other arm, shares that do not fit the arms).
Outcome MeasureArms(const Experiment& experiment, const LiftRequest& request, LiftSummary& summary);

// The verdict on one arm in plain words: what is proven, or what it would take.
std::string VerdictText(const retention::LiftReport& report, const LiftRequest& request);

std::string RenderLift(const LiftSummary& summary, bool colour);
std::string LiftJson(const LiftSummary& summary);

}  // namespace loyalty::client
