// Runs of the retention service: computed as a long read, stored in an admin command.
#include <cmath>

#include "domain/money.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/retention_codec.h"
#include "services/rpc/retention_service.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

using retention::FitStatus;
using storage::RunKind;

// Time grows with what a member may buy in a holdout; longer ones are typing errors.
constexpr retention::Day kHoldoutDaysMax = 3'660;

double MinorPerUnit(const std::string& currency) { return std::pow(10, CurrencyExponent(currency).value_or(0)); }

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

// A fit also says whose model to work with: its own, that of an earlier run, or nobody's.
AdminOutcome StoreFit(const AdminStep& step, std::int64_t token_id, v1::FitRun run) {
  const int own = run.model_kind();
  if (own != 0) {
    run.set_model_run(RunName(storage::NextRetentionRun(step.session)));
  } else if (const auto last = storage::LastUsableFit(step.session)) {
    run.set_model_run(RunName(last->id));
    run.set_model_kind(static_cast<v1::ModelKind>(last->model_kind));
    for (auto& model : *run.mutable_models())
      if (model.advice() != v1::FIT_ADVICE_USE_MODEL) model.set_advice(v1::FIT_ADVICE_KEEP_PREVIOUS);
  }
  return Store<v1::FitModelsResponse>(step, token_id, RunKind::kFit, "retention.fit", run, own);
}

// Nobody sees it: the call is finished as cancelled.
Error Left() { return {Reason::kDeadlineExceeded, "the caller has left", {}}; }

Error TooLittle(const retention::Fit& fit) {
  const auto why = fit.status == FitStatus::kTooThin ? Describe(fit.shortage) : Describe(fit.status);
  return {Reason::kTooLittleData,
          "no model can be fitted until then: " + std::string(why),
          {{"customers", std::to_string(fit.customers)}, {"repeat_purchases", std::to_string(fit.repeats)}}};
}

}  // namespace

Reactor* RetentionService::FitModels(grpc::CallbackServerContext* context, const v1::FitModelsRequest* request,
                                     v1::FitModelsResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.FitModels";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    const auto window = ToWindow(request->from_date(), request->until_date(), call.now);
    if (!window) return window.error();
    const auto unit = ToTimeUnit(request->time_unit());
    if (!unit) return unit.error();
    const auto k_max = ToStagesMax(request->k_max());
    if (!k_max) return k_max.error();
    const auto compute = [=, window = *window, unit = *unit,
                          k_max = *k_max](storage::Session& session) -> Result<Command> {
      v1::FitRun run;
      run.set_from_date(request->from_date());
      run.set_until_date(request->until_date());
      run.set_time_unit(unit);
      run.set_currency_code(call.snapshot->currency);
      retention::ModelStudy study(window.until, MinorPerUnit(call.snapshot->currency));
      if (!ReadMembers(*context, session, window, [&study](auto days) { study.Add(days); })) return Left();
      const auto set = study.Take(k_max, DaysPer(unit));
      FillFitRun(set, run);
      if (const auto kind = retention::ModelToUse(set)) run.set_model_kind(FromModelKind(*kind));
      return AdminCommandFor(call, kMethod, *request,
                             [run, token_id = call.caller.token_id](const AdminStep& step) -> Result<AdminOutcome> {
                               return StoreFit(step, token_id, run);
                             });
    };
    return StartRun(context, reactor, deps_, call, response, compute);
  });
}

Reactor* RetentionService::BacktestModels(grpc::CallbackServerContext* context,
                                          const v1::BacktestModelsRequest* request,
                                          v1::BacktestModelsResponse* response) {
  constexpr std::string_view kMethod = "loyalty.v1.RetentionService.BacktestModels";
  return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
    const auto known = ToWindow(request->from_date(), request->until_date(), call.now);
    if (!known) return known.error();
    const auto judged = ToWindow("", request->holdout_until_date(), call.now);
    if (!judged || judged->until <= known->until || judged->until > known->until + kHoldoutDaysMax)
      return InvalidField("holdout_until_date", "a day after until_date, within ten years, not in the future");
    const auto kind = ToModelKind(request->kind());
    if (!kind) return kind.error();
    const auto k_max = ToStagesMax(request->k_max());
    if (!k_max) return k_max.error();
    const auto limits = ToLimits(call.snapshot->catalogue.InForceAt(call.now).retention);
    const retention::TrialPlan plan{known->until, judged->until, *kind, *k_max, limits};
    const auto compute = [=, from = known->from](storage::Session& session) -> Result<Command> {
      retention::Trial trial(plan);
      if (!ReadMembers(*context, session, {from, plan.holdout_until}, [&trial](auto days) { trial.Add(days); }))
        return Left();
      const auto report = trial.Run();
      // As the outcome of a command: a repeat of one that ended well is answered what was found then.
      if (report.fit.advice != retention::FitAdvice::kUseModel)
        return AdminCommandFor(
            call, kMethod, *request,
            [refusal = TooLittle(report.fit)](const AdminStep&) -> Result<AdminOutcome> { return refusal; });
      v1::BacktestRun run;
      run.set_from_date(request->from_date());
      run.set_until_date(request->until_date());
      run.set_holdout_until_date(request->holdout_until_date());
      FillBacktestRun(report, plan.kind, run);
      return AdminCommandFor(call, kMethod, *request,
                             [run, token_id = call.caller.token_id](const AdminStep& step) -> Result<AdminOutcome> {
                               return Store<v1::BacktestModelsResponse>(step, token_id, RunKind::kBacktest,
                                                                        "retention.backtest", run);
                             });
    };
    return StartRun(context, reactor, deps_, call, response, compute);
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
