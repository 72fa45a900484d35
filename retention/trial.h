// A model on trial: fitted until one day, judged by what was bought from then to a later one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "retention/backtest.h"
#include "retention/collapse.h"
#include "retention/fit.h"
#include "retention/summary.h"

namespace loyalty::retention {

struct TrialPlan {
  Day until = 0;          // the last day the model knows of
  Day holdout_until = 0;  // the last day it is judged by, after `until`
  ModelKind kind = ModelKind::kMbgCnbd;
  std::int32_t k_max = 4;
  BacktestLimits limits = {};
};

struct TrialReport {
  Fit fit;                    // in weeks
  std::int64_t left_out = 0;  // members whose history is too long for a model
  BacktestLimits limits;      // of the plan
  // Of all members who had bought until `until`; empty unless fit.advice is to use the model.
  BacktestResult result;
};

// Takes members one by one, 48 bytes each; Run needs about three times as much.
class Trial {
 public:
  explicit Trial(const TrialPlan& plan) : plan_(plan) {}

  // One member by its purchase days in ascending order, those of the holdout included; later ones are not looked at.
  void Add(std::span<const MemberDay> days);

  // Fits and judges what was added; empty afterwards. The order of the members leaves no trace.
  TrialReport Run();

 private:
  struct Candidate {
    History history;
    std::int64_t bought_days;
  };

  TrialPlan plan_;
  RowCollector rows_;
  std::vector<Candidate> candidates_;
};

}  // namespace loyalty::retention
