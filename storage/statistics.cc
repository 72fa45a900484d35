#include "storage/statistics.h"

#include <algorithm>

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::LifecycleState;
using retention::MemberSummary;

constexpr int kYearBits = 16;
constexpr std::int64_t kYearsMax = (1 << (kYearBits - 1)) - 1;

std::int64_t PackYears(const MemberSummary& summary) {
  std::int64_t packed = 0;
  for (std::size_t i = summary.quarter_years.size(); i-- > 0;)
    packed = (packed << kYearBits) | std::min(summary.quarter_years[i], kYearsMax);
  return packed;
}

void UnpackYears(std::int64_t packed, MemberSummary& summary) {
  for (std::int64_t& years : summary.quarter_years) {
    years = packed & kYearsMax;
    packed >>= kYearBits;
  }
}

// stage, segment, lost_stage, rule and since_day, from a column on.
constexpr std::size_t kStateColumns = 5;
void FillState(const ResultRow& row, std::size_t column, LifecycleState& state) {
  state.standing.stage = static_cast<retention::Stage>(row.Number(column));
  state.standing.segment = static_cast<retention::Segment>(row.Number(column + 1));
  state.standing.lost = static_cast<retention::LostStage>(row.Number(column + 2));
  state.rule = static_cast<retention::LifecycleRule>(row.Number(column + 3));
  state.since_day = static_cast<Day>(row.Number(column + 4));
}

}  // namespace

const std::string kStatisticsColumns =
    "member_id, first_day, last_day, days, receipts, amount, discount, first_day_amount, last_day_amount, "
    "sum_gap_squared, sum_ln_gap, unlinked_returns, enrolled_day, q1_amount, q2_amount, q3_amount, q4_amount, "
    "quarter_years, stage, segment, lost_stage, rule, since_day, retained, transitions, due_day";
const std::string kStatisticsTypes = "iiiiiiiiiiiiiiiiiiiiiiiiii";

StatisticsRow StatisticsOf(const ResultRow& row) {
  std::size_t column = 0;
  const auto next = [&row, &column] { return row.Number(++column); };
  const auto next_day = [&next] { return static_cast<Day>(next()); };
  StatisticsRow out;
  MemberSummary& summary = out.summary;
  summary.first_day = next_day();
  summary.last_day = next_day();
  summary.days = next();
  summary.receipts = next();
  summary.amount = next();
  summary.discount = next();
  summary.first_day_amount = next();
  summary.last_day_amount = next();
  summary.sum_gap_squared = next();
  summary.sum_ln_gap = next();
  out.unlinked_returns = next();
  out.enrolled_day = next_day();
  for (std::int64_t& amount : summary.quarter_amount) amount = next();
  UnpackYears(next(), summary);
  LifecycleState& state = out.lifecycle;
  FillState(row, column + 1, state);
  column += kStateColumns;
  state.retained = next() != 0;
  out.transitions = next();
  state.due_day = next_day();
  return out;
}

const SetStatement& SelectStatistics() {
  static const SetStatement kSelect = SetStatement::SelectIn(
      "SELECT " + kStatisticsColumns + " FROM member_statistics WHERE member_id", "i", "", kStatisticsTypes);
  return kSelect;
}

const SetStatement& SelectStatisticsBetween() {
  static const SetStatement kSelect =
      SetStatement::SelectEach("SELECT " + kStatisticsColumns +
                                   " FROM member_statistics WHERE member_id > ? AND member_id <= ? ORDER BY member_id",
                               "ii", kStatisticsTypes);
  return kSelect;
}

const SetStatement& SelectStandingsBetween() {
  static const SetStatement kSelect = SetStatement::SelectEach(
      "SELECT member_id, first_day, last_day, days, amount, q1_amount, q2_amount, q3_amount, q4_amount, quarter_years, "
      "stage, segment, lost_stage, rule, since_day, retained, due_day FROM member_statistics "
      "WHERE member_id > ? AND member_id <= ? ORDER BY member_id",
      "ii", "iiiiiiiiiiiiiiiii");
  return kSelect;
}

void StandingOf(const ResultRow& row, MemberSummary& summary, LifecycleState& lifecycle) {
  summary.first_day = static_cast<Day>(row.Number(1));
  summary.last_day = static_cast<Day>(row.Number(2));
  summary.days = row.Number(3);
  summary.amount = row.Number(4);
  for (std::size_t i = 0; i < summary.quarter_amount.size(); ++i) summary.quarter_amount[i] = row.Number(5 + i);
  UnpackYears(row.Number(9), summary);
  FillState(row, 10, lifecycle);
  lifecycle.retained = row.Number(15) != 0;
  lifecycle.due_day = static_cast<Day>(row.Number(16));
}

const SetStatement& UpsertStatistics() {
  static const SetStatement kUpsert = SetStatement::Upsert("member_statistics", {"member_id",       "first_day",
                                                                                 "last_day",        "days",
                                                                                 "receipts",        "amount",
                                                                                 "discount",        "first_day_amount",
                                                                                 "last_day_amount", "sum_gap_squared",
                                                                                 "sum_ln_gap",      "unlinked_returns",
                                                                                 "enrolled_day",    "q1_amount",
                                                                                 "q2_amount",       "q3_amount",
                                                                                 "q4_amount",       "quarter_years",
                                                                                 "stage",           "segment",
                                                                                 "lost_stage",      "rule",
                                                                                 "since_day",       "retained",
                                                                                 "transitions"},
                                                           1, "iiiiiiiiiiiiiiiiiiiiiiiii");
  return kUpsert;
}

void AddStatistics(Rows& rows, std::int64_t member_id, const StatisticsRow& statistics) {
  const MemberSummary& summary = statistics.summary;
  const LifecycleState& state = statistics.lifecycle;
  rows.Add(member_id, summary.first_day, summary.last_day, summary.days, summary.receipts, summary.amount,
           summary.discount, summary.first_day_amount, summary.last_day_amount, summary.sum_gap_squared,
           summary.sum_ln_gap, statistics.unlinked_returns, statistics.enrolled_day, summary.quarter_amount[0],
           summary.quarter_amount[1], summary.quarter_amount[2], summary.quarter_amount[3], PackYears(summary),
           static_cast<int>(state.standing.stage), static_cast<int>(state.standing.segment),
           static_cast<int>(state.standing.lost), static_cast<int>(state.rule), state.since_day, state.retained,
           statistics.transitions);
}

const SetStatement& UpdateDueDays() {
  static const SetStatement kUpdate =
      SetStatement::Update("member_statistics", {"member_id"}, {"due_day"}, false, "ii");
  return kUpdate;
}

}  // namespace loyalty::storage
