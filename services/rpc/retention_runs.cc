// Runs of the retention service: computed as a long read, stored in an admin command.
#include "domain/violations.h"
#include "services/codec/retention_codec.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/retention_service.h"
#include "services/rpc/services.h"
#include "services/rpc/start_job.h"

namespace loyalty {
namespace {

using storage::RunKind;

// Stores a run and answers it.
template <typename Response, typename Run>
AdminOutcome Store(const AdminStep& step, RunKind kind, const char* action, const Run& run) {
  const std::int64_t id = storage::NextRetentionRun(step.session);
  step.set.Put(storage::RetentionRunRow{id, kind, 0, RunText(run), step.now(), step.principal_id});
  Response response;
  response.set_name(RunName(id));
  *response.mutable_run() = run;
  const std::string name = response.name();
  return {Made(std::move(response)), action, name, ""};
}

// Nobody sees it: the call is finished as cancelled.
Error Left() { return {Reason::kDeadlineExceeded, "the caller has left", {}}; }

}  // namespace

Status FitModels(Call& call, const v1::FitModelsRequest& request, v1::FitModelsResponse& response) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Take(ToWindow(request.from_date(), request.until_date(), call.now));
  violations.Take(ToTimeUnit(request.time_unit()));
  violations.Take(ToStagesMax(request.k_max()));
  if (const Status ok = violations.Done(); !ok) return ok;
  return StartJob(call, v1::JOB_KIND_FIT_MODELS, request, response);
}

Status BacktestModels(Call& call, const v1::BacktestModelsRequest& request, v1::BacktestModelsResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (const auto trial = ToTrial(request, call.now); !trial) return trial.error();
  return StartJob(call, v1::JOB_KIND_BACKTEST_MODELS, request, response);
}

Status ClassifyMembers(Call& call, const v1::ClassifyMembersRequest& request, v1::ClassifyMembersResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (!v1::MeasureChoice_IsValid(request.measure())) return InvalidField("measure", "KEEP or NEW");
  return StartJob(call, v1::JOB_KIND_CLASSIFY_MEMBERS, request, response);
}

Status ScoreRfm(Call& call, const v1::ScoreRfmRequest& request, v1::ScoreRfmResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  const auto window = ToWindow(request.from_date(), request.until_date(), call.now);
  if (!window) return window.error();
  const auto given = ToCutPoints(request);
  if (!given) return given.error();
  const auto compute = [&call, &request, window = *window,
                        given = *given](storage::Session& session) -> Result<Command> {
    std::vector<retention::RfmValues> values;
    const bool all = ReadMembers(call, session, window, [&](auto days) {
      values.push_back(retention::RfmValuesOf(retention::Summarise(days), window.until));
    });
    if (!all) return Left();
    const auto cut_points = given ? *given : retention::RfmCutPointsOf(values);
    v1::RfmRun run;
    run.set_from_date(request.from_date());
    run.set_until_date(request.until_date());
    run.set_currency_code(call.snapshot->currency);
    FillRfmRun(cut_points, retention::TotalsOf(values, cut_points), run);
    return AdminCommandFor(call, request, [run](const AdminStep& step) -> Result<AdminOutcome> {
      return Store<v1::ScoreRfmResponse>(step, RunKind::kRfm, "retention.rfm", run);
    });
  };
  return StartLongWrite(call, compute, [&response](const Answer& answer) { TakeResult(answer, response); });
}

Methods RetentionMethods() {
  return {
      Bind("loyalty.v1.RetentionService.FitModels", FitModels),
      Bind("loyalty.v1.RetentionService.BacktestModels", BacktestModels),
      Bind("loyalty.v1.RetentionService.ClassifyMembers", ClassifyMembers),
      Bind("loyalty.v1.RetentionService.GetRun", GetRun),
      Bind("loyalty.v1.RetentionService.GetLifecycle", GetLifecycle),
      Bind("loyalty.v1.RetentionService.GetLifecycleSummary", GetLifecycleSummary),
      Bind("loyalty.v1.RetentionService.GetLifecycleMatrix", GetLifecycleMatrix),
      Bind("loyalty.v1.RetentionService.ListTransitions", ListTransitions),
      BindWatch<v1::WatchTransitionsResponse>("loyalty.v1.RetentionService.WatchTransitions", WatchTransitions),
      Bind("loyalty.v1.RetentionService.ListReactivationCandidates", ListReactivationCandidates),
      Bind("loyalty.v1.RetentionService.GetRfmMatrix", GetRfmMatrix),
      Bind("loyalty.v1.RetentionService.ScoreRfm", ScoreRfm),
      Bind("loyalty.v1.RetentionService.ListRfmMembers", ListRfmMembers),
      Bind("loyalty.v1.RetentionService.ListRuns", ListRuns),
      Bind("loyalty.v1.RetentionService.GetCohortReport", GetCohortReport),
      Bind("loyalty.v1.RetentionService.VerifyStatistics", VerifyStatistics),
  };
}

}  // namespace loyalty
