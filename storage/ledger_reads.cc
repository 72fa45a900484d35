#include "storage/ledger_reads.h"

#include <algorithm>

namespace loyalty::storage {
namespace {

const std::string kLotColumns =
    "SELECT lot_seq, state, origin, points, remaining, held, activate_time, expire_time, restored_from, receipt_id, "
    "catalogue_version FROM lots WHERE member_id = ? AND ";
constexpr const char* kLotTypes = "iiiiiiiiiii";
const SetStatement kDueActivations =
    SetStatement::SelectEach(kLotColumns + "state = 1 AND activate_time <= ?", "ii", kLotTypes);
const SetStatement kDueExpiries =
    SetStatement::SelectEach(kLotColumns + "state = 2 AND expire_time <= ? AND remaining > held", "ii", kLotTypes);
const std::string kAfter =
    "(expire_time > ? OR (expire_time = ? AND (activate_time > ? OR (activate_time = ? AND lot_seq > ?))))";
const std::string kBurnOrder = " ORDER BY expire_time, activate_time, lot_seq LIMIT ?";
const SetStatement kAllLots = SetStatement::SelectEach(kLotColumns + kAfter + kBurnOrder, "iiiiiii", kLotTypes);
const SetStatement kOpenLots =
    SetStatement::SelectEach(kLotColumns + "state IN (1, 2) AND " + kAfter + kBurnOrder, "iiiiiii", kLotTypes);
const SetStatement kEntries = SetStatement::SelectEach(
    "SELECT seq, type, available_delta, pending_delta, held_delta, debt_delta, lot_seq, request_id, receipt_id, "
    "reversal_of, group_id, terminal_id, operator, business_time, record_time, catalogue_version FROM entries "
    "WHERE member_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
    "iii", "iiiiiiitiiiitiii");
const SetStatement kExpiring = SetStatement::SelectEach(
    "SELECT expire_time, SUM(remaining - held) AS points FROM lots WHERE member_id = ? AND state = 2 AND "
    "expire_time > ? AND expire_time < ? AND remaining > held GROUP BY expire_time ORDER BY expire_time LIMIT ?",
    "iiii", "ii");

Lot LotOf(const ResultRow& row) {
  Lot lot;
  lot.seq = row.Number(0);
  lot.state = static_cast<LotState>(row.Number(1));
  lot.origin = static_cast<EntryType>(row.Number(2));
  lot.points = row.Number(3);
  lot.remaining = row.Number(4);
  lot.held = row.Number(5);
  lot.activate_time = row.Number(6);
  lot.expire_time = row.Number(7);
  lot.restored_from = row.Number(8);
  lot.receipt_id = row.Number(9);
  lot.catalogue_version = row.Number(10);
  return lot;
}

}  // namespace

void SettleForRead(Session& session, std::int64_t member_id, Account& account, Instant now) {
  if (account.next_due_time > now) return;
  for (const SetStatement* statement : {&kDueActivations, &kDueExpiries}) {
    Rows rows(2);
    rows.Add(member_id, now);
    session.Read(*statement, rows, [&account](const ResultRow& row) { account.lots.push_back(LotOf(row)); });
  }
  // Everything that is due is loaded; what the rest brings lies ahead.
  account.lots_horizon = kNever;
  SettleDue(account, now);
}

std::vector<Entry> ReadEntries(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit) {
  std::vector<Entry> entries;
  Rows rows(3);
  rows.Add(member_id, before_seq, limit);
  session.Read(kEntries, rows, [&entries](const ResultRow& row) {
    Entry entry;
    entry.seq = row.Number(0);
    entry.type = static_cast<EntryType>(row.Number(1));
    entry.delta = {row.Number(2), row.Number(3), row.Number(4), row.Number(5)};
    entry.lot_seq = row.Number(6);
    entry.cause.request_id = row.Text(7);
    entry.cause.receipt_id = row.Number(8);
    entry.reversal_of = row.Number(9);
    entry.group_id = row.Number(10);
    entry.cause.terminal_id = row.Number(11);
    entry.cause.operator_id = row.Text(12);
    entry.cause.business_time = row.Number(13);
    entry.cause.record_time = row.Number(14);
    entry.cause.catalogue_version = row.Number(15);
    entries.push_back(std::move(entry));
  });
  // A page that comes back through a derived table has no promised order.
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.seq > b.seq; });
  return entries;
}

std::vector<Lot> ReadLots(Session& session, std::int64_t member_id, const LotPosition& after, bool open_only,
                          int limit) {
  std::vector<Lot> lots;
  Rows rows(7);
  rows.Add(member_id, after.expire_time, after.expire_time, after.activate_time, after.activate_time, after.seq, limit);
  session.Read(open_only ? kOpenLots : kAllLots, rows, [&lots](const ResultRow& row) { lots.push_back(LotOf(row)); });
  std::sort(lots.begin(), lots.end(), BurnsBefore);
  return lots;
}

std::vector<ExpiringPoints> ReadExpiring(Session& session, std::int64_t member_id, Instant now, int limit) {
  std::vector<ExpiringPoints> dates;
  Rows rows(4);
  rows.Add(member_id, now, kNever, limit);
  session.Read(kExpiring, rows, [&dates](const ResultRow& row) { dates.push_back({row.Number(0), row.Number(1)}); });
  std::sort(dates.begin(), dates.end(),
            [](const ExpiringPoints& a, const ExpiringPoints& b) { return a.expire_time < b.expire_time; });
  return dates;
}

}  // namespace loyalty::storage
