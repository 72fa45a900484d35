// Where members stand: one of them with everything behind it, all of them on a day.
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "retention/clv.h"
#include "retention/holdout.h"
#include "retention/predict.h"
#include "retention/segment_totals.h"
#include "services/codec/names.h"
#include "services/codec/retention_codec.h"
#include "services/rpc/lifecycle_codec.h"
#include "services/rpc/lifecycle_reads.h"
#include "services/rpc/read_member.h"
#include "services/rpc/retention_service.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

using retention::Stage;

constexpr int kDatesMin = 2;
constexpr int kDatesMax = 13;
constexpr double kHorizonDays = 365;
constexpr double kBasisPoints = 10'000;

v1::ScoreExplained Explain(std::int64_t value, int score, const std::array<std::int64_t, 4>& cut_points) {
  v1::ScoreExplained out;
  out.set_value(value);
  out.set_score(score);
  for (const std::int64_t point : cut_points) out.add_cut_points(point);
  return out;
}

void ExplainPurchases(const Snapshot& snapshot, const retention::MemberSummary& summary, Day today, int margin,
                      v1::GetLifecycleResponse& out) {
  const LifecycleMeasure& measure = *snapshot.measure;
  const retention::RfmCutPoints& cut_points = measure.judge.measure().cut_points;
  const Day day = std::max(today, summary.last_day);
  const auto values = retention::RfmValuesOf(summary, day);
  const auto scores = retention::ScoreRfm(values, cut_points);
  *out.mutable_recency() = Explain(values.recency_days, scores.recency, cut_points.recency_days_at_most);
  *out.mutable_frequency() = Explain(values.purchase_days, scores.frequency, cut_points.purchase_days_at_least);
  *out.mutable_monetary() = Explain(values.spend_minor, scores.monetary, cut_points.spend_minor_at_least);
  const auto history = *retention::HistoryOf(summary, day);
  out.set_repeats(history.repeats);
  out.set_recency_days(static_cast<std::int64_t>(history.recency_days));
  out.set_age_days(static_cast<std::int64_t>(history.age_days));
  out.set_cycle_days(measure.judge.CycleDays(summary));
  const auto& model = measure.judge.measure().model;
  if (!model || !measure.show_probabilities) return;
  const retention::ClvTerms terms{.margin = margin / kBasisPoints};
  const double unit = std::pow(10, snapshot.currency_exponent);
  const double spend = retention::ExpectedSpend(measure.spend, retention::SpendOf(summary, unit));
  out.set_expected_purchases(retention::ExpectedPurchases(*model, history, kHorizonDays));
  out.set_lifetime_value_minor(std::llround(retention::CustomerLifetimeValue(*model, history, spend, terms) * unit));
  out.set_spend_status(static_cast<v1::SpendStatus>(measure.spend_status));
  out.set_horizon_months(terms.periods);
  out.set_discount_basis_points(static_cast<int>(std::lround(terms.discount * kBasisPoints)));
}

Status Summary(const Wire& wire, storage::Session& session, const Snapshot& snapshot, Day day,
               v1::GetLifecycleSummaryResponse& response) {
  std::map<std::tuple<int, int, int>, retention::SegmentTotal> totals;
  const retention::Judge& judge = snapshot.measure->judge;
  (void)ReadPasts(
      session, snapshot.zone, [&wire] { return !wire.IsCancelled(); },
      [&](const MemberPast& past) {
        if (!past.ExistedOn(day)) return;
        const auto standing = judge.FromReceipts(past.facts, past.days, day).standing;
        retention::SegmentTotal& total = totals[{static_cast<int>(standing.stage), static_cast<int>(standing.segment),
                                                 static_cast<int>(standing.lost)}];
        ++total.members;
        for (const auto& bought : retention::DaysUntil(past.days, day))
          total.spend_minor = retention::SaturatingSum(total.spend_minor, bought.amount);
        response.set_members(response.members() + 1);
      });
  for (const auto& [standing, total] : totals) {
    auto& out = *response.add_totals();
    FillStanding({static_cast<Stage>(std::get<0>(standing)), static_cast<retention::Segment>(std::get<1>(standing)),
                  static_cast<retention::LostStage>(std::get<2>(standing))},
                 *out.mutable_standing());
    out.set_members(total.members);
    out.set_spend_minor(total.spend_minor);
  }
  response.set_as_of_date(FormatDay(day));
  response.set_currency_code(snapshot.currency);
  response.set_measure_run(RunName(snapshot.measure->run_id));
  return Ok{};
}

Result<std::vector<Day>> MatrixDays(const v1::GetLifecycleMatrixRequest& request, const Snapshot& snapshot,
                                    Instant now) {
  std::vector<Day> days;
  if (request.dates_size() < kDatesMin || request.dates_size() > kDatesMax)
    return InvalidField("dates", "2 to 13 days, ascending");
  for (const auto& date : request.dates()) {
    const auto day = ReportDay("dates", date, snapshot, now);
    if (!day) return day.error();
    if (date.empty() || (!days.empty() && *day <= days.back())) return InvalidField("dates", "2 to 13 days, ascending");
    days.push_back(*day);
  }
  return days;
}

Status Matrix(const Wire& wire, storage::Session& session, const Snapshot& snapshot, const std::vector<Day>& days,
              v1::GetLifecycleMatrixResponse& response) {
  std::map<std::tuple<std::size_t, int, int>, std::int64_t> flows;
  const retention::Judge& judge = snapshot.measure->judge;
  (void)ReadPasts(
      session, snapshot.zone, [&wire] { return !wire.IsCancelled(); },
      [&](const MemberPast& past) {
        int before = 0;
        for (std::size_t i = 0; i < days.size(); ++i) {
          int stage = 0;
          if (past.ExistedOn(days[i])) {
            retention::Facts facts = past.facts;
            facts.summary = retention::Summarise(retention::DaysUntil(past.days, days[i]));
            stage = static_cast<int>(judge.On(facts, false, days[i]).standing.stage);
          }
          if (i > 0 && stage != 0) ++flows[{i - 1, before, stage}];
          before = stage;
        }
      });
  for (const auto& [key, members] : flows) {
    auto& flow = *response.add_flows();
    flow.set_step(static_cast<int>(std::get<0>(key)));
    flow.set_from(static_cast<v1::LifecycleStage>(std::get<1>(key)));
    flow.set_to(static_cast<v1::LifecycleStage>(std::get<2>(key)));
    flow.set_members(members);
  }
  return Ok{};
}

Status RfmMatrix(const Wire& wire, storage::Session& session, const Snapshot& snapshot, Day day,
                 v1::GetRfmMatrixResponse& response) {
  std::map<std::tuple<int, int, int>, retention::SegmentTotal> cells;
  const auto& cut_points = snapshot.measure->judge.measure().cut_points;
  (void)ReadPasts(
      session, snapshot.zone, [&wire] { return !wire.IsCancelled(); },
      [&](const MemberPast& past) {
        const auto known = retention::DaysUntil(past.days, day);
        if (known.empty()) return;
        const auto values = retention::RfmValuesOf(retention::Summarise(known), day);
        const auto scores = retention::ScoreRfm(values, cut_points);
        retention::SegmentTotal& total = cells[{scores.recency, scores.frequency, scores.monetary}];
        ++total.members;
        total.spend_minor = retention::SaturatingSum(total.spend_minor, values.spend_minor);
      });
  for (const auto& [scores, total] : cells) {
    auto& cell = *response.add_cells();
    cell.set_recency(std::get<0>(scores));
    cell.set_frequency(std::get<1>(scores));
    cell.set_monetary(std::get<2>(scores));
    cell.set_members(total.members);
    cell.set_spend_minor(total.spend_minor);
  }
  response.set_as_of_date(FormatDay(day));
  response.set_currency_code(snapshot.currency);
  response.set_measure_run(RunName(snapshot.measure->run_id));
  return Ok{};
}

}  // namespace

Status GetLifecycle(Call& call, const v1::GetLifecycleRequest& request, v1::GetLifecycleResponse& response) {
  if (const auto name = ParseMemberName("name", request.name()); !name) return name.error();
  return StartRead(call, [&call, &request, &response](storage::Session& session) -> Result<bool> {
    const storage::ReadTransaction transaction(session);
    const Snapshot& snapshot = *call.snapshot;
    const Instant now = call.deps().clock();
    const auto member = storage::FindMember(session, *ParseMemberName("name", request.name()));
    if (!member) return MemberUnknown();
    if (!snapshot.measure || member->lifecycle.standing.stage == Stage::kNone) return NotClassified();
    const RetentionPlan& plan = snapshot.PlanAt(now);
    const LiveMember live = LiveOf(*member, snapshot.zone);
    const Day today = DayOf(now, snapshot.zone);
    response.set_name(request.name());
    FillLifecycleView(snapshot, live.facts, live.lifecycle, now, *response.mutable_view());
    const auto state = StateOn(*snapshot.measure, live.facts, live.lifecycle, today);
    response.set_rule(static_cast<v1::LifecycleRuleKind>(state.rule));
    response.set_measure_run(RunName(snapshot.measure->run_id));
    response.set_model_kind(static_cast<v1::ModelKind>(snapshot.measure->model_kind));
    if (member->summary.days > 0) ExplainPurchases(snapshot, member->summary, today, plan.margin, response);
    response.set_holdout(IsHeldOut(plan, live.name));
    return true;
  });
}

Status GetLifecycleSummary(Call& call, const v1::GetLifecycleSummaryRequest& request,
                           v1::GetLifecycleSummaryResponse& response) {
  return StartReport(call, request.as_of_date(),
                     [&call, &response](storage::Session& session, const Snapshot& snapshot, Day day) {
                       return Summary(call, session, snapshot, day, response);
                     });
}

Status GetRfmMatrix(Call& call, const v1::GetRfmMatrixRequest& request, v1::GetRfmMatrixResponse& response) {
  return StartReport(call, request.as_of_date(),
                     [&call, &response](storage::Session& session, const Snapshot& snapshot, Day day) {
                       return RfmMatrix(call, session, snapshot, day, response);
                     });
}

Status GetLifecycleMatrix(Call& call, const v1::GetLifecycleMatrixRequest& request,
                          v1::GetLifecycleMatrixResponse& response) {
  auto days = MatrixDays(request, *call.snapshot, call.now);
  if (!days) return days.error();
  if (!call.snapshot->measure) return NotClassified();
  return StartLongRead(call, [&call, &response, days = *std::move(days)](storage::Session& session) {
    return Matrix(call, session, *call.snapshot, days, response);
  });
}

}  // namespace loyalty
