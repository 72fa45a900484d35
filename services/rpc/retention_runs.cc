// Runs of the retention service: computed as a long read, stored in an admin command.
#include "services/jobs/bell.h"
#include "services/jobs/work.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/retention_codec.h"
#include "services/rpc/retention_service.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

using storage::RunKind;

// Runs `compute(session) -> Result<Command>` as a long read, then the command; its answer is the response.
template <typename Response, typename Work>
Status StartRun(grpc::CallbackServerContext* context, Reactor* reactor, const Deps& deps, const CallContext& call,
                Response* response, Work compute) {
  deps.reads.StartLong({[context, reactor, &deps, response, compute = std::move(compute)](storage::Session& session) {
                          Result<Command> command = compute(session);
                          if (context->IsCancelled()) {
                            reactor->Finish(grpc::Status::CANCELLED);
                          } else if (!command) {
                            reactor->Finish(ToGrpc(command.error()));
                          } else {
                            const Status submitted = SubmitWrite(
                                context, reactor, deps, *std::move(command),
                                [response](const Answer& answer) { response->ParseFromString(answer.result); });
                            if (!submitted) reactor->Finish(ToGrpc(submitted.error()));
                          }
                          return true;
                        },
                        [reactor](const Error& error) { reactor->Finish(ToGrpc(error)); }, call.deadline});
  return Ok{};
}

// Stores a run and answers it.
template <typename Response, typename Run>
AdminOutcome Store(const AdminStep& step, std::int64_t token_id, RunKind kind, const char* action, const Run& run,
                   int model_kind = 0) {
  const std::int64_t id = storage::NextRetentionRun(step.session);
  storage::InsertRetentionRun(step.session, {id, kind, model_kind, RunText(run), step.now}, token_id);
  Response response;
  response.set_name(RunName(id));
  *response.mutable_run() = run;
  return {response.SerializeAsString(), action, response.name(), ""};
}

// Nobody sees it: the call is finished as cancelled.
Error Left() { return {Reason::kDeadlineExceeded, "the caller has left", {}}; }

// Lays a job down and answers it.
template <typename Response, typename Request>
Status StartJob(grpc::CallbackServerContext* context, Reactor* reactor, const Deps& deps, const CallContext& call,
                std::string_view method, v1::JobKind kind, const Request& request, Response* response) {
  auto command = AdminCommandFor(call, method, request, [kind, request](const AdminStep& step) -> Result<AdminOutcome> {
    auto row = NewJob(kind, request.request_id(), request, step.now);
    row.id = storage::InsertJob(step.session, row);
    Response stored;
    *stored.mutable_job() = JobMessage(row);
    return AdminOutcome{stored.SerializeAsString(), "job.start", JobName(row.id), v1::JobKind_Name(kind)};
  });
  return SubmitWrite(context, reactor, deps, std::move(command),
                     [response, &bell = deps.job_bell](const Answer& answer) {
                       response->ParseFromString(answer.result);
                       bell.Ring();
                     });
}

}  // namespace

Reactor* RetentionService::FitModels(grpc::CallbackServerContext* context, const v1::FitModelsRequest* request,
                                     v1::FitModelsResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.FitModels";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    const auto window = ToWindow(request->from_date(), request->until_date(), call.now);
    if (!window) return window.error();
    if (const auto unit = ToTimeUnit(request->time_unit()); !unit) return unit.error();
    if (const auto k_max = ToStagesMax(request->k_max()); !k_max) return k_max.error();
    return StartJob(context, reactor, deps_, call, kMethod, v1::JOB_KIND_FIT_MODELS, *request, response);
  });
}

Reactor* RetentionService::BacktestModels(grpc::CallbackServerContext* context,
                                          const v1::BacktestModelsRequest* request,
                                          v1::BacktestModelsResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.BacktestModels";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    if (const auto trial = ToTrial(*request, call.now); !trial) return trial.error();
    return StartJob(context, reactor, deps_, call, kMethod, v1::JOB_KIND_BACKTEST_MODELS, *request, response);
  });
}

Reactor* RetentionService::ClassifyMembers(grpc::CallbackServerContext* context,
                                           const v1::ClassifyMembersRequest* request,
                                           v1::ClassifyMembersResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.ClassifyMembers";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    if (!v1::MeasureChoice_IsValid(request->measure())) return InvalidField("measure", "KEEP or NEW");
    return StartJob(context, reactor, deps_, call, kMethod, v1::JOB_KIND_CLASSIFY_MEMBERS, *request, response);
  });
}

Reactor* RetentionService::ScoreRfm(grpc::CallbackServerContext* context, const v1::ScoreRfmRequest* request,
                                    v1::ScoreRfmResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.ScoreRfm";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    const auto window = ToWindow(request->from_date(), request->until_date(), call.now);
    if (!window) return window.error();
    const auto given = ToCutPoints(*request);
    if (!given) return given.error();
    const auto compute = [=, window = *window, given = *given](storage::Session& session) -> Result<Command> {
      std::vector<retention::RfmValues> values;
      const bool all = ReadMembers(*context, session, window, [&](auto days) {
        values.push_back(retention::RfmValuesOf(retention::Summarise(days), window.until));
      });
      if (!all) return Left();
      const auto cut_points = given ? *given : retention::RfmCutPointsOf(values);
      v1::RfmRun run;
      run.set_from_date(request->from_date());
      run.set_until_date(request->until_date());
      run.set_currency_code(call.snapshot->currency);
      FillRfmRun(cut_points, retention::TotalsOf(values, cut_points), run);
      return AdminCommandFor(call, kMethod, *request,
                             [run, token_id = call.caller.token_id](const AdminStep& step) -> Result<AdminOutcome> {
                               return Store<v1::ScoreRfmResponse>(step, token_id, RunKind::kRfm, "retention.rfm", run);
                             });
    };
    return StartRun(context, reactor, deps_, call, response, compute);
  });
}

std::unique_ptr<grpc::Service> MakeRetentionService(const Deps& deps) {
  return std::make_unique<RetentionService>(deps);
}

}  // namespace loyalty
