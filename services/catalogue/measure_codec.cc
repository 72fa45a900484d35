#include "services/catalogue/measure_codec.h"

#include <google/protobuf/util/json_util.h>

#include "services/catalogue/plan_codec.h"
#include "services/codec/cut_points.h"
#include "services/codec/names.h"

namespace loyalty {
namespace {

Error Unreadable() { return {Reason::kInternal, "a stored measure cannot be read; is this server older?", {}}; }

// The number of `retentionRuns/{run}`; 0 when it is empty.
std::int64_t NumberOf(const std::string& name) {
  const auto number = ParseNumberedName("retentionRuns/", "run", name);
  return number ? *number : 0;
}

}  // namespace

Result<std::shared_ptr<const LifecycleMeasure>> ToMeasure(std::int64_t run_id, const v1::MeasureRun& run) {
  v1::RetentionRules rules;
  *rules.mutable_lifecycle() = run.rules();
  const auto plan = ToRetentionPlan(rules);
  if (!plan) return Unreadable();
  retention::Measure measure{
      .cut_points = CutPointsFrom(run.cut_points()), .typical_gap_days = run.typical_gap_days(), .rules = plan->rules};
  if (run.has_model()) {
    const v1::ModelFit& fit = run.model();
    measure.model = retention::Model{.kind = static_cast<retention::ModelKind>(static_cast<int>(fit.kind()) - 1),
                                     .k = fit.k(),
                                     .r = fit.r(),
                                     .alpha = fit.alpha(),
                                     .a = fit.a(),
                                     .b = fit.b(),
                                     .days_per_unit = 1};
    if (!retention::IsValid(*measure.model)) return Unreadable();
  }
  const auto out = std::make_shared<LifecycleMeasure>(run_id, measure);
  if (run.has_model()) out->model_kind = static_cast<int>(run.model().kind());
  out->spend = {.mean = run.spend().mean(), .prior_days = run.spend().prior_days()};
  out->spend_status = static_cast<int>(run.spend().status());
  if (run.ranking() != v1::RANKING_SCORE_UNSPECIFIED)
    out->ranking = static_cast<retention::RankingScore>(static_cast<int>(run.ranking()) - 1);
  out->show_probabilities = run.show_probabilities() && run.has_model();
  out->fit_run = NumberOf(run.fit_run());
  out->backtest_run = NumberOf(run.backtest_run());
  return std::shared_ptr<const LifecycleMeasure>(out);
}

Result<std::shared_ptr<const LifecycleMeasure>> ParseMeasure(std::int64_t run_id, const std::string& text) {
  v1::MeasureRun run;
  // A rule that this program does not know may move members: better none than wrong ones.
  if (!google::protobuf::util::JsonStringToMessage(text, &run).ok()) return Unreadable();
  return ToMeasure(run_id, run);
}

}  // namespace loyalty
