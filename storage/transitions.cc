#include "storage/transitions.h"

#include "storage/read_table.h"

namespace loyalty::storage {

using retention::Day;

std::vector<TransitionRow> ReadTransitions(Session& session, const TransitionKey& after, Day until, int limit) {
  using Id = std::int64_t;
  static const auto kByDay = SetStatement::SelectEach<Day, Day, Day, Id, Id, Id, int>(
      TransitionRow::table().select() +
      " WHERE day >= ? AND day <= ? AND (day > ? OR member_id > ? OR (member_id = ? AND seq > ?)) "
      "ORDER BY day, member_id, seq LIMIT ?");
  return ReadRows<TransitionRow>(
      session, kByDay, Rows::Of(after.day, until, after.day, after.member_id, after.member_id, after.seq, limit));
}

std::vector<TransitionRow> ReadTransitionsOf(Session& session, std::int64_t member_id, const TransitionKey& after,
                                             Day until, int limit) {
  using Id = std::int64_t;
  static const auto kOfMember = SetStatement::SelectEach<Id, Day, Day, Day, Id, int>(
      TransitionRow::table().select() +
      " WHERE member_id = ? AND day >= ? AND day <= ? AND (day > ? OR seq > ?) ORDER BY day, seq LIMIT ?");
  return ReadRows<TransitionRow>(session, kOfMember,
                                 Rows::Of(member_id, after.day, until, after.day, after.seq, limit));
}

std::vector<TransitionRow> ReadTransitionsAfter(Session& session, std::int64_t position, int limit) {
  static const auto kByPosition = SetStatement::SelectEach<std::int64_t, int>(
      TransitionRow::table().select() + " WHERE position > ? ORDER BY position LIMIT ?");
  return ReadRows<TransitionRow>(session, kByPosition, Rows::Of(position, limit));
}

std::int64_t LastTransitionPosition(Session& session) {
  std::int64_t last = 0;
  session.Read("SELECT MAX(position) FROM lifecycle_transitions", [&last](std::int64_t position) { last = position; });
  return last;
}

bool HasUnnumberedTransitions(Session& session) {
  bool any = false;
  session.Read("SELECT seq FROM lifecycle_transitions WHERE position = 0 LIMIT 1",
               [&any](std::int64_t) { any = true; });
  return any;
}

std::vector<TransitionRow> ReadUnnumberedTransitions(Session& session, int limit) {
  static const auto kUnnumbered = SetStatement::SelectEach<int>(
      TransitionRow::table().select() + " WHERE position = 0 ORDER BY create_time, member_id, seq LIMIT ?");
  return ReadRows<TransitionRow>(session, kUnnumbered, Rows::Of(limit));
}

}  // namespace loyalty::storage
