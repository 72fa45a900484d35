// ClassifyMembers: a new measure where it is time for one, then the members in steps of the write path.
#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "retention/collapse.h"
#include "retention/enough_data.h"
#include "retention/fit.h"
#include "services/batch/lifecycle.h"
#include "services/cut_points.h"
#include "services/jobs/work.h"
#include "services/rpc/retention_codec.h"
#include "services/write_queue.h"
#include "storage/flush.h"
#include "storage/generation.h"
#include "storage/lifecycle_reads.h"
#include "storage/load.h"

namespace loyalty {
namespace {

using storage::RunKind;

// Members of a step: few while tills wait for the same lane, many while it is idle.
constexpr std::size_t kStepWhenBusy = 256;
constexpr std::size_t kStepWhenIdle = 2'048;
constexpr double kDaysPerWeek = 7;

// Where a classification stands, as it is kept with the job.
struct Progress {
  std::int64_t run_id = 0;  // 0: the measure is not decided on yet
  bool everybody = false;
  std::int64_t after = 0;  // of everybody: the last member that is done
};

std::string TextOf(const Progress& progress) {
  std::ostringstream text;
  text << progress.run_id << ' ' << progress.everybody << ' ' << progress.after;
  return text.str();
}

Progress ProgressOf(const std::string& text) {
  Progress progress;
  std::istringstream in(text);
  in >> progress.run_id >> progress.everybody >> progress.after;
  return progress;
}

// Reads what all members are measured by anew.
class Measurement {
 public:
  explicit Measurement(JobContext& context) : context_(context), today_(DayOf(context.now(), Zone())) {}

  // Nothing: stop.
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
    AddCutPoints(retention::RfmCutPointsOf(std::exchange(values_, {})), run);
    if (fit) {
      TakeModel(*fit, run);
    } else {
      FitModel(run);
    }
    run.set_ranking(v1::RANKING_SCORE_RECENCY);
    if (backtest) Judge(*backtest, run);
    return run;
  }

 private:
  absl::TimeZone Zone() const { return context_.snapshot()->zone; }

  bool ReadMembers(bool for_fit) {
    const double unit = std::pow(10, context_.snapshot()->currency_exponent);
    const std::int64_t total = storage::CountStatistics(context_.session());
    values_.reserve(static_cast<std::size_t>(total));
    if (for_fit) {
      rows_.Reserve(static_cast<std::size_t>(total));
      spends_.reserve(static_cast<std::size_t>(total));
    }
    std::int64_t done = 0;
    bool go_on = true;
    storage::ReadSummaries(
        context_.session(),
        [&](std::span<const retention::MemberSummary> summaries) {
          done += static_cast<std::int64_t>(summaries.size());
          for (const auto& summary : summaries)
            if (summary.days > 0) Take(summary, for_fit, unit);
        },
        [&] { return go_on = context_.Report(done, total); });
    return go_on;
  }

  void Take(const retention::MemberSummary& summary, bool for_fit, double minor_per_unit) {
    values_.push_back(retention::RfmValuesOf(summary, today_));
    if (!for_fit) return;
    if (const auto history = retention::HistoryOf(summary, std::max(today_, summary.last_day))) rows_.Add(*history);
    if (summary.days > 1) spends_.push_back(retention::SpendOf(summary, minor_per_unit));
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
    FillSpendFit(retention::FitSpend(spends_), *run.mutable_spend());
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
  std::vector<retention::RfmValues> values_;
  retention::RowCollector rows_;
  std::vector<retention::Spend> spends_;
};

// True when what the measure in force was made of has changed since.
bool IsOutdated(JobContext& context, const LifecycleMeasure& measure) {
  const auto fit = storage::LastUsableFit(context.session());
  const auto backtest = storage::LastRun(context.session(), RunKind::kBacktest);
  return (fit && fit->id != measure.fit_run) || (backtest && backtest->id != measure.backtest_run) ||
         !(context.snapshot()->PlanAt(context.now()).rules == measure.judge.measure().rules);
}

// Members of a step that have no standing yet: whether they have been in RETAIN is in their receipts only.
void FindRetained(storage::Session& session, const LifecycleContext& context, storage::WorkingSet& set) {
  const retention::Judge& judge = context.measure->judge;
  std::vector<std::int64_t> ids;
  for (const auto& [id, member] : set.members) {
    const bool is_new = member.statistics.lifecycle.standing.stage == retention::Stage::kNone;
    if (is_new && member.statistics.summary.days > 1) ids.push_back(id);
  }
  for (const auto& [id, days] : storage::ReadDaysOf(session, ids))
    set.FindMember(id)->statistics.lifecycle.retained = judge.WasRetained(days, context.today());
}

// Classifies members in one transaction; the ids of `due` are read again under the locks.
void ClassifyStep(JobContext::StepView& view, const Snapshot& snapshot, const std::set<std::int64_t>& ids,
                  bool everybody) {
  storage::WorkingSet set;
  set.now = view.now;
  set.zone = snapshot.zone;
  storage::Exchange exchange(view.session);
  storage::LockMembers(exchange, ids, set);
  storage::LoadStatistics(exchange, ids, set);
  exchange.Run();
  const LifecycleContext context{set, snapshot.measure.get()};
  FindRetained(view.session, context, set);
  for (auto& [id, member] : set.members) {
    const bool first = member.statistics.lifecycle.standing.stage == retention::Stage::kNone;
    AdvanceLifecycle(context, member);
    if (everybody || first) ReclassifyLifecycle(context, member, retention::Cause::kRefit, 0, false);
    if (!first) continue;
    // Where members stood when the program began to look is no move.
    set.transitions.erase(std::remove_if(set.transitions.begin(), set.transitions.end(),
                                         [id = id](const auto& row) { return row.member_id == id; }),
                          set.transitions.end());
    member.statistics.transitions = 0;
    member.statistics_changed = true;
  }
  storage::Flush(view.session, set, view.key, view.key_id);
}

// Whether ClassifyStep would write anything of a member.
bool Moves(const Snapshot& snapshot, const storage::MemberCourse& course, Day today) {
  if (!course.statistics) return true;
  const retention::LifecycleState& before = course.statistics->lifecycle;
  if (before.standing.stage == retention::Stage::kNone) return true;
  const retention::Judge& judge = snapshot.measure->judge;
  const retention::Facts facts = MakeFacts(course.create_time, course.anonymous, *course.statistics, snapshot.zone);
  retention::LifecycleState after = before;
  std::vector<retention::Transition> moves;
  retention::AdvanceTo(judge, facts, today, after, moves);
  retention::Reclassify(judge, facts, today, retention::Cause::kRefit, false, after, moves);
  return !(after == before);
}

// Goes through members from where `progress` says.
class Pass {
 public:
  Pass(JobContext& context, const Progress& progress) : context_(context), progress_(progress) {}

  // False: stop.
  bool Run() { return progress_.everybody ? OverEverybody() : OverThoseDue(); }
  std::int64_t done() const { return done_; }

 private:
  // Reads all, and locks only those of whom there is something to write: who is classified by other means meanwhile, by
  // a sale in particular, is so by the same measure (AwaitMeasure).
  bool OverEverybody() {
    bool go_on = true;
    total_ = storage::CountMembers(context_.session());
    storage::ReadCourses(
        context_.session(), progress_.after,
        [&](std::span<const storage::MemberCourse> courses) {
          const auto snapshot = context_.snapshot();
          const Day today = DayOf(context_.now(), snapshot->zone);
          std::vector<std::int64_t> ids;
          for (const auto& course : courses)
            if (Moves(*snapshot, course, today)) ids.push_back(course.id);
          go_on = Classify(ids);
          done_ += static_cast<std::int64_t>(courses.size());
          progress_.after = courses.back().id;
        },
        [&] { return go_on = go_on && context_.Report(done_, std::max(total_, done_), TextOf(progress_)); });
    return go_on;
  }

  bool OverThoseDue() {
    const Day today = DayOf(context_.now(), context_.snapshot()->zone);
    total_ = done_ + storage::CountDueMembers(context_.session(), today);
    while (true) {
      const auto ids = storage::ReadDueMemberIds(context_.session(), today, kStepWhenIdle);
      if (ids.empty()) return true;
      if (!Classify(std::vector<std::int64_t>(ids.begin(), ids.end()))) return false;
    }
  }

  // In steps. Of a pass over everybody they say that the chunk is still to do: to look at it again does no harm.
  bool Classify(std::span<const std::int64_t> ids) {
    while (!ids.empty()) {
      const auto begin = std::chrono::steady_clock::now();
      const auto part = ids.first(std::min(ids.size(), busy_ ? kStepWhenBusy : kStepWhenIdle));
      ids = ids.subspan(part.size());
      const auto snapshot = context_.snapshot();
      const bool waiting_before = context_.deps().queue.waiting() > 0;
      if (!progress_.everybody) done_ += static_cast<std::int64_t>(part.size());
      const bool ok = context_.Step([&](JobContext::StepView& view) -> Status {
        ClassifyStep(view, *snapshot, {part.begin(), part.end()}, progress_.everybody);
        view.job.done = done_;
        view.job.total = std::max(total_, done_);
        view.job.result = TextOf(progress_);
        return Ok{};
      });
      if (!ok) return false;
      busy_ = waiting_before || context_.deps().queue.waiting() > 0;
      context_.GiveWay(std::chrono::steady_clock::now() - begin);
      context_.NumberTransitions();
    }
    return true;
  }

  JobContext& context_;
  Progress progress_;
  std::int64_t done_ = context_.job().done;
  std::int64_t total_ = 0;
  bool busy_ = false;
};

// Lays a new measure down and makes it known to all servers before anybody is classified by it.
bool PublishMeasure(JobContext& context, const v1::MeasureRun& run, Progress& progress) {
  return context.Step([&](JobContext::StepView& view) -> Status {
    storage::LockProgram(view.session);
    progress = {.run_id = storage::NextRetentionRun(view.session), .everybody = true};
    storage::InsertRetentionRun(view.session, {progress.run_id, RunKind::kMeasure, 0, RunText(run), view.now}, 0);
    storage::RaiseGeneration(view.session);
    view.job.done = 0;
    view.job.result = TextOf(progress);
    return Ok{};
  });
}

// From here on nobody is classified by an older measure. False: stop.
bool AwaitMeasure(JobContext& context, std::int64_t run_id) {
  context.deps().snapshots.Refresh();
  // No other server decides by a snapshot that is older; a database that is away may have kept ours.
  if (context.session().engine() != storage::Engine::kSqlite)
    context.Pause(std::chrono::milliseconds(kSnapshotAgeMax / (kSecond / 1'000)));
  const auto measure = context.snapshot()->measure;
  if (!measure || measure->run_id < run_id) return false;
  context.GiveWay({});
  // Behind the batch that may have begun with an older snapshot.
  return context.Step([](JobContext::StepView&) -> Status { return Ok{}; });
}

}  // namespace

JobEnd WorkOnClassification(JobContext& context) {
  v1::ClassifyMembersRequest request;
  if (!ReadRequest(context.job(), request))
    return context.Fail({Reason::kInternal, "a stored job cannot be read; is this server older?", {}});
  Progress progress = ProgressOf(context.job().result);
  bool in_force = false;  // for as long as anybody can remember
  if (progress.run_id == 0) {
    const auto measure = context.snapshot()->measure;
    if (!measure && request.measure() == v1::MEASURE_CHOICE_KEEP)
      return context.Fail({Reason::kNotClassified, "there is no measure to keep yet", {}});
    const bool anew = !measure || request.measure() == v1::MEASURE_CHOICE_NEW ||
                      (request.measure() == v1::MEASURE_CHOICE_UNSPECIFIED && IsOutdated(context, *measure));
    // What time has changed under the old measure is no matter of the new one.
    if (measure && anew && !Pass(context, {}).Run()) return context.ended();
    if (anew) {
      const auto run = Measurement(context).Make();
      if (!run) return context.ended();
      // Here, not in the step: its tables take milliseconds, and tills wait for the lane.
      if (const auto valid = ToMeasure(0, *run); !valid) return context.Fail(valid.error());
      if (!PublishMeasure(context, *run, progress)) return context.ended();
    } else {
      progress = {.run_id = measure->run_id, .everybody = request.everybody()};
      in_force = true;
    }
  }
  if (!in_force && !AwaitMeasure(context, progress.run_id)) return context.ended();
  Pass pass(context, progress);
  if (!pass.Run()) return context.ended();
  return context.Finish([&](JobContext::StepView& view) -> Result<std::string> {
    view.job.done = pass.done();
    view.job.total = std::max(view.job.total, view.job.done);
    return RunName(progress.run_id);
  });
}

}  // namespace loyalty
