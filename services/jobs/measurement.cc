#include "services/jobs/measurement.h"

#include <algorithm>
#include <cmath>
#include <future>

#include "retention/collapse.h"
#include "retention/enough_data.h"
#include "retention/fit.h"
#include "services/catalogue/plan_codec.h"
#include "services/codec/cut_points.h"
#include "services/codec/retention_codec.h"
#include "services/jobs/read_ahead.h"

namespace loyalty {
namespace {

using storage::RunKind;

constexpr double kDaysPerWeek = 7;

class Measurement {
 public:
  explicit Measurement(JobContext& context) : context_(context), today_(DayOf(context.now(), Zone())) {}

  std::optional<v1::MeasureRun> Make() {
    const auto fit = storage::LastUsableFit(context_.session());
    const auto backtest = storage::LastRun(context_.session(), RunKind::kBacktest);
    if (!ReadMembers(!fit)) return std::nullopt;
    v1::MeasureRun run;
    const auto snapshot = context_.snapshot();
    run.set_as_of_date(FormatDay(today_));
    run.set_currency_code(snapshot->currency);
    run.set_catalogue_version(snapshot->catalogue.InForceAt(context_.now()).version);
    *run.mutable_rules() = FromLifecycleRules(snapshot->PlanAt(context_.now()).rules);
    std::future<retention::SpendFit> spend;  // beside the rest
    if (!fit) spend = std::async(std::launch::async, [this] { return retention::FitSpend(spends_.Take()); });
    AddCutPoints(rfm_.Take(), run);
    if (fit) {
      TakeModel(*fit, run);
    } else {
      FitModel(run);
      FillSpendFit(spend.get(), *run.mutable_spend());
    }
    run.set_ranking(v1::RANKING_SCORE_RECENCY);
    if (backtest) Judge(*backtest, run);
    return run;
  }

 private:
  absl::TimeZone Zone() const { return context_.snapshot()->zone; }

  bool ReadMembers(bool for_fit) {
    const double unit = std::pow(10, context_.snapshot()->currency_exponent);
    const std::int64_t total = storage::CountMembers(context_.session());
    rfm_.Reserve(static_cast<std::size_t>(total));
    if (for_fit) rows_.Reserve(static_cast<std::size_t>(total));
    std::int64_t done = 0;
    using Summaries = std::vector<retention::MemberSummary>;
    return ReadAhead<Summaries>(context_, 0,
                                {.next = storage::NextMembers,
                                 .read = storage::ReadSummaries,
                                 .take = [&](const Summaries& summaries, const storage::IdRange&) {
                                   done += static_cast<std::int64_t>(summaries.size());
                                   for (const auto& summary : summaries)
                                     if (summary.days > 0) Take(summary, for_fit, unit);
                                   return context_.Report(done, total);
                                 }});
  }

  void Take(const retention::MemberSummary& summary, bool for_fit, double minor_per_unit) {
    rfm_.Add(retention::RfmValuesOf(summary, today_));
    if (!for_fit) return;
    if (const auto history = retention::HistoryOf(summary, std::max(today_, summary.last_day))) rows_.Add(*history);
    if (summary.days > 1) spends_.Add(retention::SpendOf(summary, minor_per_unit));
  }

  static void TakeModel(const storage::RetentionRunRow& row, v1::MeasureRun& run) {
    const auto message = RunMessage(row);
    if (!message) return;
    run.set_fit_run(RunName(row.id));
    run.set_typical_gap_days(message->fit().median_cycle_days());
    *run.mutable_spend() = message->fit().spend();
    for (const auto& model : message->fit().models())
      if (static_cast<int>(model.kind()) == row.model_kind) *run.mutable_model() = model;
    run.mutable_model()->set_alpha(run.model().alpha() * DaysPer(message->fit().time_unit()));
  }

  void FitModel(v1::MeasureRun& run) {
    const retention::CollapsedRows rows = rows_.Take();
    const auto fit =
        retention::FitModel(rows, {.kind = retention::ModelKind::kMbgCnbd, .k_max = 4, .days_per_unit = kDaysPerWeek});
    run.set_typical_gap_days(retention::MedianCycleDays(rows));
    if (fit.advice == retention::FitAdvice::kUseModel) {
      FillModelFit(fit, retention::ModelKind::kMbgCnbd, *run.mutable_model());
      run.mutable_model()->set_alpha(run.model().alpha() * kDaysPerWeek);
    }
  }

  static void Judge(const storage::RetentionRunRow& row, v1::MeasureRun& run) {
    const auto message = RunMessage(row);
    if (!message) return;
    const v1::BacktestRun& backtest = message->backtest();
    run.set_backtest_run(RunName(row.id));
    run.set_ranking(backtest.ranking());
    // What was found of one kind of model says nothing of another.
    const bool same = run.has_model() && backtest.model().kind() == run.model().kind();
    if (!same && backtest.ranking() == v1::RANKING_SCORE_PROBABILITY) run.set_ranking(v1::RANKING_SCORE_RECENCY);
    run.set_show_probabilities(same && backtest.withheld() == v1::WITHHELD_REASON_UNSPECIFIED);
  }

  JobContext& context_;
  const Day today_;
  retention::RfmCollector rfm_;
  retention::RowCollector rows_;
  retention::SpendCollector spends_;
};

}  // namespace

std::optional<v1::MeasureRun> MakeMeasure(JobContext& context) { return Measurement(context).Make(); }

bool IsOutdated(JobContext& context, const LifecycleMeasure& measure) {
  const auto fit = storage::LastUsableFit(context.session());
  const auto backtest = storage::LastRun(context.session(), RunKind::kBacktest);
  return (fit && fit->id != measure.fit_run) || (backtest && backtest->id != measure.backtest_run) ||
         !(context.snapshot()->PlanAt(context.now()).rules == measure.judge.measure().rules);
}

}  // namespace loyalty
