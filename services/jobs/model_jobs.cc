// Fits and backtests as jobs: read all members, compute, store.
#include <cmath>

#include "domain/money.h"
#include "services/codec/retention_codec.h"
#include "services/jobs/work.h"
#include "storage/lifecycle_reads.h"
#include "storage/purchase_days.h"

namespace loyalty {
namespace {

using retention::FitStatus;
using storage::RunKind;

// Gives each member to `take` and reports. False: stop.
template <typename Take>
bool ReadAll(JobContext& context, const storage::DayWindow& window, const Take& take) {
  const std::int64_t total = storage::CountMembers(context.session());
  std::int64_t done = 0;
  bool go_on = true;
  const auto report = [&] { return go_on = context.Report(done, total); };
  storage::ReadPurchaseDays(context.session(), window, 0,
                            [&](std::int64_t, std::span<const retention::MemberDay> days) {
                              ++done;
                              take(days);
                              return true;
                            },
                            {.go_on = report});
  return go_on;
}

std::string Store(StepView& view, RunKind kind, const google::protobuf::Message& run, int model_kind) {
  const std::int64_t id = storage::NextRetentionRun(view.session);
  view.set.Put(storage::RetentionRunRow{id, kind, model_kind, RunText(run), view.rules.now, 0});
  return RunName(id);
}

// A fit also says whose model to work with: its own, that of an earlier run, or nobody's.
std::string StoreFit(StepView& view, v1::FitRun run) {
  const int own = run.model_kind();
  if (own != 0) {
    run.set_model_run(RunName(storage::NextRetentionRun(view.session)));
  } else if (const auto last = storage::LastUsableFit(view.session)) {
    run.set_model_run(RunName(last->id));
    run.set_model_kind(static_cast<v1::ModelKind>(last->model_kind));
    for (auto& model : *run.mutable_models())
      if (model.advice() != v1::FIT_ADVICE_USE_MODEL) model.set_advice(v1::FIT_ADVICE_KEEP_PREVIOUS);
  }
  return Store(view, RunKind::kFit, run, own);
}

Error TooLittle(const retention::Fit& fit) {
  const auto why = fit.status == FitStatus::kTooThin ? Describe(fit.shortage) : Describe(fit.status);
  return {Reason::kTooLittleData, "no model can be fitted until then: " + std::string(why), {}};
}

Error Newer() { return {Reason::kInternal, "a stored job cannot be read; is this server older?", {}}; }

}  // namespace

JobEnd WorkOnFit(JobContext& context) {
  v1::FitModelsRequest request;
  if (!ReadRequest(context.job(), request)) return context.Fail(Newer());
  const auto window = ToWindow(request.from_date(), request.until_date(), kNever);
  const auto unit = ToTimeUnit(request.time_unit());
  const auto k_max = ToStagesMax(request.k_max());
  if (!window || !unit || !k_max) return context.Fail(Newer());
  const auto snapshot = context.snapshot();
  v1::FitRun run;
  run.set_from_date(request.from_date());
  run.set_until_date(request.until_date());
  run.set_time_unit(*unit);
  run.set_currency_code(snapshot->currency);
  retention::ModelStudy study(window->until, std::pow(10, snapshot->currency_exponent));
  if (!ReadAll(context, *window, [&study](auto days) { study.Add(days); })) return context.ended();
  const auto set = study.Take(*k_max, DaysPer(*unit));
  FillFitRun(set, run);
  if (const auto kind = retention::ModelToUse(set)) run.set_model_kind(FromModelKind(*kind));
  return context.Finish([&run](StepView& view) -> Result<std::string> { return StoreFit(view, run); });
}

JobEnd WorkOnBacktest(JobContext& context) {
  v1::BacktestModelsRequest request;
  if (!ReadRequest(context.job(), request)) return context.Fail(Newer());
  auto asked = ToTrial(request, kNever);
  if (!asked) return context.Fail(Newer());
  asked->plan.limits = ToLimits(context.snapshot()->catalogue.InForceAt(context.now()).retention);
  retention::Trial trial(asked->plan);
  if (!ReadAll(context, asked->window, [&trial](auto days) { trial.Add(days); })) return context.ended();
  const auto report = trial.Run();
  if (report.fit.advice != retention::FitAdvice::kUseModel) return context.Fail(TooLittle(report.fit));
  v1::BacktestRun run;
  run.set_from_date(request.from_date());
  run.set_until_date(request.until_date());
  run.set_holdout_until_date(request.holdout_until_date());
  FillBacktestRun(report, asked->plan.kind, run);
  return context.Finish(
      [&run](StepView& view) -> Result<std::string> { return Store(view, RunKind::kBacktest, run, 0); });
}

}  // namespace loyalty
