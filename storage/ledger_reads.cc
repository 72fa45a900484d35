#include "storage/ledger_reads.h"

#include <algorithm>
#include <map>

#include "storage/read_table.h"
#include "storage/tables/ledger.h"
#include "storage/tables/requests.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

// What is told of the cause of an entry.
struct Teller {
  std::string request_id, operator_id;
  bool operator_proven = false;
  std::int64_t terminal_id = 0;
};

std::map<Id, Teller> ReadTellers(Session& session, const SetStatement& statement, const Rows& ids) {
  std::map<Id, Teller> tellers;
  session.Read(statement, ids,
               [&tellers](Id id, const Bytes& request, const std::string& operator_id, bool proven, Id terminal) {
                 tellers[id] = {UnpackRequestId(request), operator_id, proven, terminal};
               });
  return tellers;
}

void ReadLots(Session& session, const SetStatement& statement, const Rows& arguments, std::vector<LotRecord>& lots) {
  session.Read(statement, arguments,
               [&lots](Id seq, LotState state, Points remaining, Points held, Instant activate, Instant expire,
                       Points points, Id restored_from) {
                 lots.push_back({{seq, state, remaining, held, {activate, expire}}, points, restored_from});
               });
}

}  // namespace

Account AccountAsOf(Session& session, const MemberRow& member, Instant now) {
  Account account;
  account.member_name = member.name();
  account.balance = member.balance;
  account.seq = member.seq;
  account.record_time = member.record_time;
  account.next_due_time = member.next_due_time;
  if (account.next_due_time > now) return account;
  static const auto kPending = SetStatement::SelectEach<Id, Instant>(PendingLotRow::table().select() +
                                                                     " WHERE member_id = ? AND activate_time <= ?");
  static const auto kOpen =
      SetStatement::SelectEach<Id, Instant>(OpenLotRow::table().select() + " WHERE member_id = ? AND expire_time <= ?");
  for (const auto& row : ReadRows<PendingLotRow>(session, kPending, Rows::Of(member.id, now)))
    account.lots.push_back({row.lot_seq, LotState::kPending, row.remaining, 0, row.terms});
  for (const auto& row : ReadRows<OpenLotRow>(session, kOpen, Rows::Of(member.id, now)))
    account.lots.push_back({row.lot_seq, LotState::kActive, row.remaining, row.held, row.terms});
  // Everything that is due is loaded; what the rest brings lies ahead.
  SettleDue(account, now);
  // The position is the stored one: what is due and not written yet has no place in the ledger.
  account.seq = member.seq;
  return account;
}

std::vector<EntryRecord> ReadEntries(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit,
                                     const EntryFilter& filter) {
  static const auto kEntries = SetStatement::SelectEach<Id, Id, Id, Instant, Instant, Id, Id, int>(
      EntryRow::table().select() +
      " WHERE member_id = ? AND seq < ? AND ((1 << type) & ?) <> 0 AND record_time >= ? AND record_time < ? AND "
      "(? = 0 OR receipt_id = ?) ORDER BY seq DESC LIMIT ?");
  static const auto kReceipts = SetStatement::SelectIn(
      "SELECT id, request_id, operator, operator_proven, terminal_id FROM receipts WHERE id", Type::kNumber);
  static const auto kCommands = SetStatement::SelectIn(
      "SELECT id, request_id, operator, operator_proven, terminal_id FROM commands WHERE id", Type::kNumber);
  auto rows = ReadRows<EntryRow>(session, kEntries,
                                 Rows::Of(member_id, before_seq, filter.types, filter.start, filter.end,
                                          filter.receipt_id, filter.receipt_id, limit));
  // A page that comes back through a derived table has no promised order.
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.entry.seq > b.entry.seq; });
  Rows receipt_ids(1), command_ids(1);
  for (const EntryRow& row : rows) {
    if (row.entry.cause.receipt_id != 0) receipt_ids.Add(row.entry.cause.receipt_id);
    if (row.entry.cause.command_id != 0) command_ids.Add(row.entry.cause.command_id);
  }
  auto receipts = ReadTellers(session, kReceipts, receipt_ids);
  auto commands = ReadTellers(session, kCommands, command_ids);
  std::vector<EntryRecord> entries;
  for (EntryRow& row : rows) {
    const Cause& cause = row.entry.cause;
    const Teller teller = cause.receipt_id != 0   ? receipts[cause.receipt_id]
                          : cause.command_id != 0 ? commands[cause.command_id]
                                                  : Teller();
    entries.push_back(
        {std::move(row.entry), teller.request_id, teller.operator_id, teller.operator_proven, teller.terminal_id});
  }
  return entries;
}

std::vector<LotRecord> ReadOpenLots(Session& session, std::int64_t member_id, const LotPosition& after, int limit) {
  static const auto kOpen = SetStatement::SelectEach<Id, Id, Instant, Instant, Instant, Instant, Id, int>(
      "SELECT l.lot_seq, l.state, l.remaining, l.held, l.activate_time, l.expire_time, "
      "e.available_delta + e.pending_delta AS points, e.restored_from FROM ("
      "SELECT member_id, lot_seq, 1 AS state, remaining, 0 AS held, activate_time, expire_time FROM pending_lots "
      "WHERE member_id = ? UNION ALL "
      "SELECT member_id, lot_seq, 2 AS state, remaining, held, activate_time, expire_time FROM open_lots "
      "WHERE member_id = ?) l JOIN entries e ON e.member_id = l.member_id AND e.seq = l.lot_seq "
      "WHERE l.expire_time > ? OR (l.expire_time = ? AND (l.activate_time > ? OR (l.activate_time = ? AND "
      "l.lot_seq > ?))) ORDER BY l.expire_time, l.activate_time, l.lot_seq LIMIT ?");
  std::vector<LotRecord> lots;
  ReadLots(session, kOpen,
           Rows::Of(member_id, member_id, after.expire_time, after.expire_time, after.activate_time,
                    after.activate_time, after.seq, limit),
           lots);
  std::sort(lots.begin(), lots.end(), [](const auto& a, const auto& b) { return BurnsBefore(a.lot, b.lot); });
  return lots;
}

std::vector<LotRecord> ReadAllLots(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit) {
  // Types: 2 activated, 3 cancelled while pending, 9 expired. States: 1 pending, 2 active, 3 used up, 4 expired,
  // 5 cancelled.
  static const auto kAll = SetStatement::SelectEach<Id, Id, int>(
      "SELECT e.seq, CASE WHEN p.lot_seq IS NOT NULL THEN 1 WHEN o.lot_seq IS NOT NULL THEN 2 "
      "WHEN EXISTS (SELECT 1 FROM entries c WHERE c.member_id = e.member_id AND c.type = 3 AND c.lot_seq = e.seq) THEN "
      "5 "
      "WHEN EXISTS (SELECT 1 FROM entries x WHERE x.member_id = e.member_id AND x.type = 9 AND x.lot_seq = e.seq) THEN "
      "4 "
      "ELSE 3 END AS state, COALESCE(p.remaining, o.remaining, 0) AS remaining, COALESCE(o.held, 0) AS held, "
      "COALESCE((SELECT MAX(a.activate_time) FROM entries a WHERE a.member_id = e.member_id AND a.type = 2 AND "
      "a.lot_seq = e.seq), e.activate_time) AS activate_time, "
      "COALESCE((SELECT MAX(a.expire_time) FROM entries a WHERE a.member_id = e.member_id AND a.type = 2 AND "
      "a.lot_seq = e.seq), e.expire_time) AS expire_time, "
      "e.available_delta + e.pending_delta AS points, e.restored_from FROM entries e "
      "LEFT JOIN pending_lots p ON p.member_id = e.member_id AND p.lot_seq = e.seq "
      "LEFT JOIN open_lots o ON o.member_id = e.member_id AND o.lot_seq = e.seq "
      "WHERE e.member_id = ? AND e.seq < ? AND e.lot_seq = e.seq ORDER BY e.seq DESC LIMIT ?");
  std::vector<LotRecord> lots;
  ReadLots(session, kAll, Rows::Of(member_id, before_seq, limit), lots);
  std::sort(lots.begin(), lots.end(), [](const auto& a, const auto& b) { return a.lot.seq > b.lot.seq; });
  return lots;
}

std::vector<ExpiringPoints> ReadExpiring(Session& session, std::int64_t member_id, Instant now, int limit) {
  static const auto kExpiring = SetStatement::SelectEach<Id, Instant, Instant, int>(
      "SELECT expire_time, SUM(remaining - held) AS points FROM open_lots WHERE member_id = ? AND expire_time > ? AND "
      "expire_time < ? AND remaining > held GROUP BY expire_time ORDER BY expire_time LIMIT ?");
  std::vector<ExpiringPoints> dates;
  session.Read(kExpiring, Rows::Of(member_id, now, kNever, limit), [&dates](Instant time, Points points) {
    dates.push_back({time, points});
  });
  std::sort(dates.begin(), dates.end(),
            [](const ExpiringPoints& a, const ExpiringPoints& b) { return a.expire_time < b.expire_time; });
  return dates;
}

}  // namespace loyalty::storage
