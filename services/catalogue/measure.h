// The measure that is in force: what a run of ClassifyMembers has laid down.
#pragma once

#include <cstdint>

#include "retention/backtest.h"
#include "retention/gamma_gamma.h"
#include "retention/judge.h"

namespace loyalty {

// Immutable once it is published.
struct LifecycleMeasure {
  LifecycleMeasure(std::int64_t run, const retention::Measure& measure) : run_id(run), judge(measure) {}

  std::int64_t run_id = 0;
  retention::Judge judge;
  int model_kind = 0;           // of the API; 0: no model
  retention::SpendModel spend;  // money in units of the currency; mean 0: nobody has spent anything twice
  int spend_status = 0;         // of the API; 0: no fit
  retention::RankingScore ranking = retention::RankingScore::kRecency;
  bool show_probabilities = false;
  std::int64_t fit_run = 0;       // 0: fitted with it, or no model
  std::int64_t backtest_run = 0;  // 0: none
};

}  // namespace loyalty
