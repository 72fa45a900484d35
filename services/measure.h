// The measure that is in force: what a run of ClassifyMembers has laid down.
#pragma once

#include <memory>

#include "domain/result.h"
#include "loyalty/v1/retention_service.pb.h"
#include "retention/backtest.h"
#include "retention/gamma_gamma.h"
#include "retention/judge.h"

namespace loyalty {

// Immutable once it is published.
struct LifecycleMeasure {
  LifecycleMeasure(std::int64_t run, const retention::Measure& measure) : run_id(run), judge(measure) {}

  std::int64_t run_id = 0;
  retention::Judge judge;
  v1::ModelKind model_kind = v1::MODEL_KIND_UNSPECIFIED;
  retention::SpendModel spend;  // money in units of the currency; mean 0: nobody has spent anything twice
  retention::RankingScore ranking = retention::RankingScore::kRecency;
  bool show_probabilities = false;
  std::int64_t fit_run = 0;       // 0: fitted with it, or no model
  std::int64_t backtest_run = 0;  // 0: none
};

// Errors: kInternal (a newer server wrote it).
Result<std::shared_ptr<const LifecycleMeasure>> ToMeasure(std::int64_t run_id, const v1::MeasureRun& run);
// From the text of a run as it is stored. Errors: as above.
Result<std::shared_ptr<const LifecycleMeasure>> ParseMeasure(std::int64_t run_id, const std::string& text);

}  // namespace loyalty
