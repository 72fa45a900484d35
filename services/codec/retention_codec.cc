#include "services/codec/retention_codec.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <set>

#include "domain/check.h"
#include "domain/time.h"
#include "services/codec/cut_points.h"
#include "services/codec/names.h"
#include "services/codec/timestamp.h"

namespace loyalty {
namespace {

using retention::RfmCutPoints;

constexpr std::int32_t kStagesDefault = 4;
constexpr double kBasisPoints = 10'000;
// Time grows with what a member may buy in a holdout; longer ones are typing errors.
constexpr retention::Day kHoldoutDaysMax = 3'660;
constexpr std::string_view kRuns = "retentionRuns/";

// The API counts from 1, because 0 is "not set"; the library counts from 0.
template <typename Wire, typename Ours>
Wire ToWire(Ours value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}

}  // namespace

Result<storage::DayWindow> ToWindow(const std::string& from_date, const std::string& until_date, Instant now) {
  storage::DayWindow window;
  const auto until = ParseDay(until_date);
  if (!until) return InvalidField("until_date", "a day: YYYY-MM-DD");
  // A typing error in the year would call everybody gone.
  if (*until > now / kDayLength + 1) return InvalidField("until_date", "not in the future");
  window.until = *until;
  if (from_date.empty()) return window;
  const auto from = ParseDay(from_date);
  if (!from) return InvalidField("from_date", "a day: YYYY-MM-DD, or empty");
  if (*from > *until) return InvalidField("from_date", "not after until_date");
  window.from = *from;
  return window;
}

Result<std::int32_t> ToStagesMax(std::int32_t k_max) {
  if (k_max == 0) return kStagesDefault;
  if (k_max < 1 || k_max > retention::kStagesMax) return InvalidField("k_max", "1 to 12, or 0");
  return k_max;
}

Result<v1::TimeUnit> ToTimeUnit(v1::TimeUnit unit) {
  switch (unit) {
    case v1::TIME_UNIT_UNSPECIFIED:
    case v1::TIME_UNIT_WEEKS: return v1::TIME_UNIT_WEEKS;
    case v1::TIME_UNIT_DAYS: return v1::TIME_UNIT_DAYS;
    default: return InvalidField("time_unit", "TIME_UNIT_DAYS or TIME_UNIT_WEEKS");
  }
}

Result<retention::ModelKind> ToModelKind(v1::ModelKind kind) {
  switch (kind) {
    case v1::MODEL_KIND_BG_NBD: return retention::ModelKind::kBgNbd;
    case v1::MODEL_KIND_MBG_NBD: return retention::ModelKind::kMbgNbd;
    case v1::MODEL_KIND_UNSPECIFIED:
    case v1::MODEL_KIND_MBG_CNBD_K: return retention::ModelKind::kMbgCnbd;
    default: return InvalidField("kind", "a model of this version");
  }
}

retention::BacktestLimits ToLimits(const RetentionRules& rules) {
  return {rules.calibration_error_max / kBasisPoints, rules.total_bias_max / kBasisPoints};
}

Result<TrialRequest> ToTrial(const v1::BacktestModelsRequest& request, Instant now) {
  const auto known = ToWindow(request.from_date(), request.until_date(), now);
  if (!known) return known.error();
  const auto judged = ToWindow("", request.holdout_until_date(), now);
  if (!judged || judged->until <= known->until || judged->until > known->until + kHoldoutDaysMax)
    return InvalidField("holdout_until_date", "a day after until_date, within ten years, not in the future");
  const auto kind = ToModelKind(request.kind());
  if (!kind) return kind.error();
  const auto k_max = ToStagesMax(request.k_max());
  if (!k_max) return k_max.error();
  return TrialRequest{{known->from, judged->until}, {known->until, judged->until, *kind, *k_max, {}}};
}

double DaysPer(v1::TimeUnit unit) { return unit == v1::TIME_UNIT_DAYS ? 1 : 7; }

v1::ModelKind FromModelKind(retention::ModelKind kind) { return ToWire<v1::ModelKind>(kind); }

void FillModelFit(const retention::Fit& fit, retention::ModelKind kind, v1::ModelFit& out) {
  out.set_kind(FromModelKind(kind));
  out.set_k(fit.model.k);
  if (fit.status != retention::FitStatus::kTooThin) {
    out.set_r(fit.model.r);
    out.set_alpha(fit.model.alpha);
    out.set_a(fit.model.a);
    out.set_b(fit.model.b);
    out.set_log_likelihood(fit.log_likelihood);
  }
  for (const double error : fit.ln_errors) out.add_ln_errors(error);
  out.set_gradient_norm(fit.gradient_norm);
  out.set_boundary(fit.boundary);
  out.set_customers(fit.customers);
  out.set_left_out(fit.left_out);
  out.set_repeats(fit.repeats);
  out.set_evaluations(fit.evaluations);
  out.set_status(ToWire<v1::FitStatus>(fit.status));
  out.set_shortage(static_cast<v1::Shortage>(fit.shortage));  // kNone is 0 in both
  out.set_advice(ToWire<v1::FitAdvice>(fit.advice));
}

void FillSpendFit(const retention::SpendFit& spend, v1::SpendFit& out) {
  out.set_p(spend.p);
  out.set_q(spend.q);
  out.set_gamma(spend.gamma);
  for (const double error : spend.ln_errors) out.add_ln_errors(error);
  out.set_log_likelihood(spend.log_likelihood);
  out.set_gradient_norm(spend.gradient_norm);
  out.set_customers(spend.customers);
  out.set_left_out(spend.left_out);
  out.set_status(ToWire<v1::SpendStatus>(spend.status));
  out.set_mean(spend.model.mean);
  out.set_prior_days(spend.model.prior_days);
}

void FillFitRun(const retention::ModelSet& set, v1::FitRun& run) {
  run.set_receipts(set.receipts);
  run.set_median_cycle_days(set.median_cycle_days);
  FillModelFit(set.bg_nbd, retention::ModelKind::kBgNbd, *run.add_models());
  FillModelFit(set.mbg_nbd, retention::ModelKind::kMbgNbd, *run.add_models());
  FillModelFit(set.mbg_cnbd, retention::ModelKind::kMbgCnbd, *run.add_models());
  FillSpendFit(set.spend, *run.mutable_spend());
}

void FillBacktestRun(const retention::TrialReport& report, retention::ModelKind kind, v1::BacktestRun& run) {
  const retention::BacktestResult& result = report.result;
  FillModelFit(report.fit, kind, *run.mutable_model());
  run.set_left_out(report.left_out);
  run.set_members(result.members);
  run.set_buyers(result.buyers);
  for (std::size_t i = 0; i < result.auc.size(); ++i) {
    auto& auc = *run.add_auc();
    auc.set_score(ToWire<v1::RankingScore>(i));
    if (result.auc[i]) auc.set_auc(*result.auc[i]);
  }
  run.set_brier(result.brier);
  run.set_brier_constant(result.brier_constant);
  run.set_log_loss(result.log_loss);
  run.set_log_loss_constant(result.log_loss_constant);
  for (const auto& decile : result.deciles) {
    auto& out = *run.add_deciles();
    out.set_predicted(decile.predicted);
    out.set_observed(decile.observed);
  }
  run.set_calibration_error(result.calibration_error);
  if (result.total_bias) run.set_total_bias(*result.total_bias);
  run.set_ranking(ToWire<v1::RankingScore>(result.ranking));
  run.set_ranking_reason(ToWire<v1::RankingReason>(result.ranking_reason));
  run.set_withheld(static_cast<v1::WithheldReason>(result.withheld));  // kShown is 0 in both
  run.set_calibration_error_max_basis_points(
      static_cast<int>(std::lround(report.limits.calibration_error_max * kBasisPoints)));
  run.set_total_bias_max_basis_points(static_cast<int>(std::lround(report.limits.total_bias_max * kBasisPoints)));
}

void FillRfmRun(const RfmCutPoints& cut_points, const retention::SegmentTotals& totals, v1::RfmRun& run) {
  AddCutPoints(cut_points, run);
  for (std::size_t i = 0; i < totals.size(); ++i) {
    auto& out = *run.add_segments();
    out.set_segment(static_cast<v1::RfmSegment>(retention::SegmentAt(i)));
    out.set_members(totals[i].members);
    out.set_spend_minor(totals[i].spend_minor);
  }
}

RfmCutPoints CutPointsOf(const v1::RfmRun& run) { return CutPointsFrom(run.cut_points()); }

Result<std::optional<RfmCutPoints>> ToCutPoints(const v1::ScoreRfmRequest& request) {
  if (request.cut_points().empty()) return std::optional<RfmCutPoints>();
  std::set<int> scores;
  for (const auto& point : request.cut_points()) scores.insert(point.score());
  if (request.cut_points_size() != 4 || scores != std::set<int>{2, 3, 4, 5})
    return InvalidField("cut_points", "each of the scores 2, 3, 4 and 5 once");
  const RfmCutPoints cut_points = CutPointsFrom(request.cut_points());
  if (!AreInOrder(cut_points)) return InvalidField("cut_points", "no score begins below a lower one");
  return std::optional(cut_points);
}

void FillCohorts(const retention::CohortTable& table, v1::GetCohortReportResponse& response) {
  retention::Month first = table.first();
  while (first <= table.last() && table.Active(first) == 0) ++first;
  for (retention::Month month = first; month <= table.last(); ++month) {
    auto& out = *response.add_months();
    out.set_month(retention::MonthName(month));
    for (retention::Month later = 0; month + later <= table.last(); ++later)
      out.add_members(table.Members(month, later));
    out.set_active(table.Active(month));
    out.set_stayed(table.Stayed(month));
  }
}

std::string RunName(std::int64_t id) { return std::string(kRuns) + std::to_string(id); }

Result<std::int64_t> ParseRunName(std::string_view field, std::string_view name) {
  return ParseNumberedName(kRuns, field, name);
}

std::string RunText(const google::protobuf::Message& result) {
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(result, &text);
  Check(status.ok(), "a result can be written as JSON");
  return text;
}

Result<v1::RetentionRun> RunMessage(const storage::RetentionRunRow& row) {
  v1::RetentionRun run;
  run.set_name(RunName(row.id));
  *run.mutable_create_time() = ToTimestamp(row.create_time);
  const Error newer{Reason::kInternal, "a stored run cannot be read; is this server older?", {}};
  google::protobuf::Message* result = nullptr;
  switch (row.kind) {
    case storage::RunKind::kFit: result = run.mutable_fit(); break;
    case storage::RunKind::kBacktest: result = run.mutable_backtest(); break;
    case storage::RunKind::kRfm: result = run.mutable_rfm(); break;
    case storage::RunKind::kMeasure: result = run.mutable_measure(); break;
  }
  if (result == nullptr) return newer;
  google::protobuf::util::JsonParseOptions newer_fields_are_fine;
  newer_fields_are_fine.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(row.content, result, newer_fields_are_fine);
  if (!status.ok()) return newer;
  return run;
}

}  // namespace loyalty
