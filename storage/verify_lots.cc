// Lots against entries, allocations and balances. The database looks for what differs; what agrees never leaves it.
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

const std::string kNeverText = std::to_string(kNever);
const SetStatement kSums = SetStatement::SelectEach(
    "SELECT m.id, COUNT(l.lot_seq) AS lots, COALESCE(SUM(l.remaining), 0) AS remaining, "
    "COALESCE(SUM(CASE WHEN l.state = 1 THEN l.remaining ELSE 0 END), 0) AS pending, COALESCE(SUM(l.held), 0) AS held, "
    "COALESCE(MIN(CASE WHEN l.state = 1 THEN l.activate_time WHEN l.state = 2 AND l.remaining > l.held THEN "
    "l.expire_time ELSE " +
        kNeverText + " END), " + kNeverText +
        ") AS due FROM members m LEFT JOIN lots l ON l.member_id = m.id WHERE m.id > ? AND m.id <= ? GROUP BY m.id",
    "ii", "iiiiii");

// Points that left a lot: allocations (2 gives back, 5 is a hold) and entries about the lot (9 expired, 3 cancelled).
const SetStatement kRemaining = SetStatement::SelectEach(
    "SELECT l.member_id, l.lot_seq, l.remaining, l.points - COALESCE(a.taken, 0) - COALESCE(e.gone, 0) AS expected "
    "FROM lots l "
    "LEFT JOIN (SELECT member_id, lot_seq, SUM(CASE kind WHEN 2 THEN -points WHEN 5 THEN 0 ELSE points END) AS taken "
    "FROM allocations WHERE member_id > ? AND member_id <= ? GROUP BY member_id, lot_seq) a "
    "ON a.member_id = l.member_id AND a.lot_seq = l.lot_seq "
    "LEFT JOIN (SELECT member_id, lot_seq, SUM(-available_delta - pending_delta) AS gone FROM entries "
    "WHERE type IN (3, 9) AND member_id > ? AND member_id <= ? GROUP BY member_id, lot_seq) e "
    "ON e.member_id = l.member_id AND e.lot_seq = l.lot_seq "
    "WHERE l.member_id > ? AND l.member_id <= ? AND (l.remaining < 0 OR l.held < 0 OR l.held > l.remaining OR "
    "l.remaining <> l.points - COALESCE(a.taken, 0) - COALESCE(e.gone, 0)) "
    "ORDER BY l.member_id, l.lot_seq LIMIT 1",
    "iiiiii", "iiii");

// A lot is made by the entry whose seq it has: an EARN, or the restore of points whose lot has expired.
const SetStatement kMade = SetStatement::SelectEach(
    "SELECT l.member_id, l.lot_seq FROM lots l LEFT JOIN entries e ON e.member_id = l.member_id AND e.seq = l.lot_seq "
    "AND e.type = l.origin AND e.available_delta + e.pending_delta = l.points "
    "WHERE l.member_id > ? AND l.member_id <= ? AND e.seq IS NULL ORDER BY l.member_id, l.lot_seq LIMIT 1",
    "ii", "ii");

// A burn (4) or settled debt (12) takes from lots; a restore (5) gives back to them, or makes a grace lot of its own.
const SetStatement kAllocated = SetStatement::SelectEach(
    "SELECT e.member_id, e.seq, ABS(e.available_delta) AS points, COALESCE(a.points, 0) AS allocated FROM entries e "
    "LEFT JOIN (SELECT member_id, entry_seq, SUM(points) AS points FROM allocations "
    "WHERE member_id > ? AND member_id <= ? GROUP BY member_id, entry_seq) a "
    "ON a.member_id = e.member_id AND a.entry_seq = e.seq "
    "WHERE e.member_id > ? AND e.member_id <= ? AND (e.type IN (4, 12) OR (e.type = 5 AND e.lot_seq IS NULL)) "
    "AND ABS(e.available_delta) <> COALESCE(a.points, 0) ORDER BY e.member_id, e.seq LIMIT 1",
    "iiii", "iiii");
const SetStatement kOrphans = SetStatement::SelectEach(
    "SELECT a.member_id, a.entry_seq FROM allocations a "
    "LEFT JOIN lots l ON l.member_id = a.member_id AND l.lot_seq = a.lot_seq "
    "LEFT JOIN entries e ON e.member_id = a.member_id AND e.seq = a.entry_seq "
    "WHERE a.member_id > ? AND a.member_id <= ? AND (l.lot_seq IS NULL OR e.seq IS NULL OR a.points <= 0) "
    "ORDER BY a.member_id, a.entry_seq LIMIT 1",
    "ii", "ii");

// The range as often as a statement asks for it.
Rows Ranges(const VerifyChunk& chunk, int times) {
  Rows rows(static_cast<std::size_t>(times) * 2);
  for (int i = 0; i < times; ++i) rows.Add(chunk.from, chunk.to);
  return rows;
}

std::string VerifySums(Session& session, const VerifyChunk& chunk, VerifyReport& report) {
  std::string difference;
  session.Read(kSums, Ranges(chunk, 1), [&](const ResultRow& row) {
    const auto member = chunk.members.find(row.Number(0));
    if (member == chunk.members.end()) return;
    report.lots += row.Number(1);
    const Balances& balance = member->second.balance;
    const auto differs = [&](const char* what, std::int64_t lots, std::int64_t stored) {
      if (lots != stored && difference.empty())
        difference = "lots of " + chunk.Name(row.Number(0)) + ": their " + what + " points are " +
                     std::to_string(lots) + ", the balance says " + std::to_string(stored);
    };
    differs("remaining", row.Number(2), balance.available + balance.held + balance.pending);
    differs("pending", row.Number(3), balance.pending);
    differs("held", row.Number(4), balance.held);
    if (member->second.next_due_time > row.Number(5) && difference.empty())
      difference = "members " + chunk.Name(row.Number(0)) + ": next_due_time is later than what falls due first";
  });
  return difference;
}

}  // namespace

std::string VerifyLots(Session& session, const VerifyChunk& chunk, VerifyReport& report) {
  std::string difference = VerifySums(session, chunk, report);
  if (!difference.empty()) return difference;
  session.Read(kMade, Ranges(chunk, 1), [&](const ResultRow& row) {
    difference = "lots " + chunk.Name(row.Number(0), "/lots/", row.Number(1)) +
                 ": no entry made it with as many points as it says it had";
  });
  if (!difference.empty()) return difference;
  session.Read(kRemaining, Ranges(chunk, 3), [&](const ResultRow& row) {
    difference = "lots " + chunk.Name(row.Number(0), "/lots/", row.Number(1)) + ": remaining is " +
                 std::to_string(row.Number(2)) + ", the ledger says " + std::to_string(row.Number(3));
  });
  if (!difference.empty()) return difference;
  session.Read(kAllocated, Ranges(chunk, 2), [&](const ResultRow& row) {
    difference = "allocations of " + chunk.Name(row.Number(0), "/entries/", row.Number(1)) + ": they add up to " +
                 std::to_string(row.Number(3)) + ", the entry has " + std::to_string(row.Number(2));
  });
  if (!difference.empty()) return difference;
  session.Read(kOrphans, Ranges(chunk, 1), [&](const ResultRow& row) {
    difference = "allocations of " + chunk.Name(row.Number(0), "/entries/", row.Number(1)) +
                 ": one names a lot or an entry that is not there, or no points";
  });
  return difference;
}

}  // namespace loyalty::storage
