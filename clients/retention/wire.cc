#include "clients/retention/wire.h"

#include <algorithm>

namespace loyalty::client {
namespace {

// The wire counts from 1, because 0 is "not set"; the library counts from 0. What is not set is `otherwise`.
template <typename Ours, typename Wire>
Ours FromWire(Wire value, Ours otherwise) {
  return static_cast<int>(value) == 0 ? otherwise : static_cast<Ours>(static_cast<int>(value) - 1);
}

retention::ModelKind KindOf(v1::ModelKind kind) { return FromWire(kind, retention::ModelKind::kBgNbd); }

template <typename Field, std::size_t n>
void Copy(const Field& from, std::array<double, n>& to) {
  std::copy_n(from.begin(), std::min<std::size_t>(n, static_cast<std::size_t>(from.size())), to.begin());
}

retention::Fit FitOf(const v1::ModelFit& from, double days_per_unit) {
  retention::Fit fit;
  fit.status = FromWire(from.status(), retention::FitStatus::kNotConverged);
  fit.shortage = static_cast<retention::Shortage>(from.shortage());
  fit.advice = FromWire(from.advice(), retention::FitAdvice::kUseHeuristics);
  fit.model = {.kind = KindOf(from.kind()),
               .k = from.k(),
               .r = from.r(),
               .alpha = from.alpha(),
               .a = from.a(),
               .b = from.b(),
               .days_per_unit = days_per_unit};
  fit.log_likelihood = from.log_likelihood();
  Copy(from.ln_errors(), fit.ln_errors);
  fit.gradient_norm = from.gradient_norm();
  fit.boundary = from.boundary();
  fit.customers = from.customers();
  fit.left_out = from.left_out();
  fit.repeats = from.repeats();
  fit.evaluations = from.evaluations();
  return fit;
}

retention::SpendFit SpendOf(const v1::SpendFit& from) {
  retention::SpendFit fit;
  fit.status = FromWire(from.status(), retention::SpendStatus::kNotConverged);
  fit.model = {.mean = from.mean(), .prior_days = from.prior_days()};
  fit.p = from.p();
  fit.q = from.q();
  fit.gamma = from.gamma();
  fit.log_likelihood = from.log_likelihood();
  Copy(from.ln_errors(), fit.ln_errors);
  fit.gradient_norm = from.gradient_norm();
  fit.customers = from.customers();
  fit.left_out = from.left_out();
  return fit;
}

}  // namespace

v1::ModelKind ToWire(retention::ModelKind kind) { return static_cast<v1::ModelKind>(static_cast<int>(kind) + 1); }

std::string ModelTitle(v1::ModelKind kind) {
  return kind == v1::MODEL_KIND_UNSPECIFIED ? std::string() : std::string(Named(KindOf(kind), {}).title);
}

void Fill(const std::string& name, const v1::FitRun& run, FitReport& report) {
  report.run = name;
  report.currency = run.currency_code();
  report.receipts = run.receipts();
  report.median_cycle_days = run.median_cycle_days();
  for (const auto& model : run.models())
    report.models.push_back(Named(KindOf(model.kind()), FitOf(model, report.request.days_per_unit())));
  report.spend = SpendOf(run.spend());
  report.model_run = run.model_run();
  report.model = ModelTitle(run.model_kind());
}

void Fill(const std::string& name, const v1::BacktestRun& run, Trial& trial) {
  constexpr double kDaysPerWeek = 7, kBasisPoints = 10'000;
  retention::BacktestResult& result = trial.report.result;
  trial.run = name;
  trial.report.fit = FitOf(run.model(), kDaysPerWeek);
  trial.report.left_out = run.left_out();
  result.members = run.members();
  result.buyers = run.buyers();
  for (const auto& auc : run.auc()) {
    const auto score = static_cast<std::size_t>(FromWire(auc.score(), retention::RankingScore::kConstant));
    if (auc.has_auc() && score < result.auc.size()) result.auc[score] = auc.auc();
  }
  result.brier = run.brier();
  result.brier_constant = run.brier_constant();
  result.log_loss = run.log_loss();
  result.log_loss_constant = run.log_loss_constant();
  for (const auto& decile : run.deciles())
    result.deciles.push_back({.predicted = decile.predicted(), .observed = decile.observed()});
  result.calibration_error = run.calibration_error();
  if (run.has_total_bias()) result.total_bias = run.total_bias();
  // A score of a newer server is none that this program could name.
  result.ranking = run.ranking() > v1::RANKING_SCORE_PROBABILITY
                       ? retention::RankingScore::kConstant
                       : FromWire(run.ranking(), retention::RankingScore::kConstant);
  result.ranking_reason = FromWire(run.ranking_reason(), retention::RankingReason::kNoContrast);
  result.withheld = static_cast<retention::Withheld>(run.withheld());
  trial.report.limits = {run.calibration_error_max_basis_points() / kBasisPoints,
                         run.total_bias_max_basis_points() / kBasisPoints};
}

void Fill(const v1::ScoreRfmResponse& from, SegmentReport& report) {
  const v1::RfmRun& run = from.run();
  report.run = from.name();
  report.currency = run.currency_code();
  for (const auto& point : run.cut_points()) {
    const auto at = static_cast<std::size_t>(point.score()) - 2;
    if (at >= report.cut_points.recency_days_at_most.size()) continue;
    if (point.has_recency_days_at_most()) report.cut_points.recency_days_at_most[at] = point.recency_days_at_most();
    if (point.has_purchase_days_at_least())
      report.cut_points.purchase_days_at_least[at] = point.purchase_days_at_least();
    if (point.has_spend_minor_at_least()) report.cut_points.spend_minor_at_least[at] = point.spend_minor_at_least();
  }
  for (const auto& total : run.segments()) {
    const auto at = static_cast<std::size_t>(total.segment()) - 1;
    if (at < report.totals.size()) report.totals[at] = {total.members(), total.spend_minor()};
  }
}

void Fill(const v1::GetCohortReportResponse& from, CohortReport& report) {
  for (const auto& month : from.months())
    report.months.push_back({.month = month.month(),
                             .members = {month.members().begin(), month.members().end()},
                             .active = month.active(),
                             .stayed = month.stayed()});
}

void AddTo(const retention::RfmCutPoints& cut_points, v1::ScoreRfmRequest& request) {
  using Points = retention::RfmCutPoints;
  for (std::size_t i = 0; i < cut_points.recency_days_at_most.size(); ++i) {
    auto& point = *request.add_cut_points();
    point.set_score(static_cast<int>(i) + 2);
    if (const auto days = cut_points.recency_days_at_most[i]; days != Points::kNobodyAtMost)
      point.set_recency_days_at_most(days);
    if (const auto days = cut_points.purchase_days_at_least[i]; days != Points::kNobodyAtLeast)
      point.set_purchase_days_at_least(days);
    if (const auto minor = cut_points.spend_minor_at_least[i]; minor != Points::kNobodyAtLeast)
      point.set_spend_minor_at_least(minor);
  }
}

SegmentedCustomer CustomerOf(const v1::RfmMember& member) {
  return {.name = member.member(),
          .values = {member.recency_days(), member.purchase_days(), member.spend_minor()},
          .scores = {member.recency(), member.frequency(), member.monetary()},
          .segment = static_cast<retention::RfmSegment>(member.segment())};
}

}  // namespace loyalty::client
