#include "storage/transitions.h"

namespace loyalty::storage {
namespace {

using retention::Day;

const std::string kColumns =
    "SELECT member_id, seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage, day, "
    "cause, rule, receipt_id, run_id, create_time, position FROM lifecycle_transitions WHERE ";
constexpr const char* kTypes = "iiiiiiiiiiiiiii";
const SetStatement kByDay =
    SetStatement::SelectEach(kColumns +
                                 "day >= ? AND day <= ? AND (day > ? OR member_id > ? OR (member_id = ? AND seq > ?)) "
                                 "ORDER BY day, member_id, seq LIMIT ?",
                             "iiiiiii", kTypes);
const SetStatement kByPosition =
    SetStatement::SelectEach(kColumns + "position > ? ORDER BY position LIMIT ?", "ii", kTypes);
const SetStatement kUnnumbered =
    SetStatement::SelectEach(kColumns + "position = 0 ORDER BY create_time, member_id, seq LIMIT ?", "i", kTypes);
const SetStatement kNumber =
    SetStatement::Update("lifecycle_transitions", {"member_id", "seq"}, {"position"}, false, "iii");

retention::Standing StandingOf(const ResultRow& row, std::size_t first) {
  return {static_cast<retention::Stage>(row.Number(first)), static_cast<retention::Segment>(row.Number(first + 1)),
          static_cast<retention::LostStage>(row.Number(first + 2))};
}

TransitionRow TransitionOf(const ResultRow& row) {
  return {.member_id = row.Number(0),
          .seq = row.Number(1),
          .transition = {StandingOf(row, 2), StandingOf(row, 5), static_cast<Day>(row.Number(8)),
                         static_cast<retention::Cause>(row.Number(9)),
                         static_cast<retention::LifecycleRule>(row.Number(10))},
          .receipt_id = row.Number(11),
          .run_id = row.Number(12),
          .create_time = row.Number(13),
          .position = row.Number(14)};
}

std::vector<TransitionRow> ReadAll(Session& session, const SetStatement& statement, const Rows& rows) {
  std::vector<TransitionRow> found;
  session.Read(statement, rows, [&found](const ResultRow& row) { found.push_back(TransitionOf(row)); });
  return found;
}

}  // namespace

const SetStatement& InsertTransitions() {
  static const SetStatement kInsert = SetStatement::Insert(
      "lifecycle_transitions",
      {"member_id", "seq", "from_stage", "from_segment", "from_lost_stage", "to_stage", "to_segment", "to_lost_stage",
       "day", "cause", "rule", "receipt_id", "run_id", "create_time", "position"},
      kTypes);
  return kInsert;
}

void AddTransition(Rows& rows, const TransitionRow& row) {
  const retention::Standing& from = row.transition.from;
  const retention::Standing& to = row.transition.to;
  rows.Add(row.member_id, row.seq, static_cast<int>(from.stage), static_cast<int>(from.segment),
           static_cast<int>(from.lost), static_cast<int>(to.stage), static_cast<int>(to.segment),
           static_cast<int>(to.lost), row.transition.day, static_cast<int>(row.transition.cause),
           static_cast<int>(row.transition.rule), NullIfZero(row.receipt_id), row.run_id, row.create_time,
           row.position);
}

std::vector<TransitionRow> ReadTransitions(Session& session, const TransitionKey& after, Day until, int limit) {
  Rows rows(7);
  rows.Add(after.day, until, after.day, after.member_id, after.member_id, after.seq, limit);
  return ReadAll(session, kByDay, rows);
}

std::vector<TransitionRow> ReadTransitionsAfter(Session& session, std::int64_t position, int limit) {
  Rows rows(2);
  rows.Add(position, limit);
  return ReadAll(session, kByPosition, rows);
}

std::int64_t LastTransitionPosition(Session& session) {
  std::int64_t last = 0;
  session.Read("SELECT COALESCE(MAX(position), 0) FROM lifecycle_transitions", "i",
               [&last](const ResultRow& row) { last = row.Number(0); });
  return last;
}

bool HasUnnumberedTransitions(Session& session) {
  bool any = false;
  session.Read("SELECT 1 FROM lifecycle_transitions WHERE position = 0 LIMIT 1", "i",
               [&any](const ResultRow&) { any = true; });
  return any;
}

void NumberTransitions(Session& session, int limit) {
  std::int64_t position = LastTransitionPosition(session);
  Rows rows(1), numbered(3);
  rows.Add(limit);
  for (const TransitionRow& row : ReadAll(session, kUnnumbered, rows)) numbered.Add(row.member_id, row.seq, ++position);
  session.Write(kNumber, numbered);
}

}  // namespace loyalty::storage
