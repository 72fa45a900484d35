// What points from the ledger to receipts and redemptions, and back.
#include "storage/verify_parts.h"
#include "storage/working_set.h"

namespace loyalty::storage {
namespace {

const SetStatement kReceiptOfEntry = SetStatement::SelectEach(
    "SELECT e.member_id, e.seq FROM entries e LEFT JOIN receipts r ON r.id = e.receipt_id "
    "WHERE e.member_id > ? AND e.member_id <= ? AND e.receipt_id IS NOT NULL AND "
    "(r.id IS NULL OR r.member_id IS NULL OR r.member_id <> e.member_id) ORDER BY e.member_id, e.seq LIMIT 1",
    "ii", "ii");
const SetStatement kEarnedTwice = SetStatement::SelectEach(
    "SELECT member_id, MAX(seq) AS seq FROM entries WHERE member_id > ? AND member_id <= ? AND type = 1 AND "
    "receipt_id IS NOT NULL GROUP BY member_id, receipt_id HAVING COUNT(*) > 1 ORDER BY member_id LIMIT 1",
    "ii", "ii");
const SetStatement kRecordedTwice = SetStatement::SelectEach(
    "SELECT member_id, MAX(id) AS id FROM receipts WHERE member_id > ? AND member_id <= ? "
    "GROUP BY member_id, request_id HAVING COUNT(*) > 1 ORDER BY member_id LIMIT 1",
    "ii", "ii");
// State 1 stands for redeemed, 2 for cancelled; types 4 and 5 for the burn and what gave it back.
const SetStatement kRedemptions = SetStatement::SelectEach(
    "SELECT r.member_id, r.id FROM redemptions r "
    "LEFT JOIN entries e ON e.member_id = r.member_id AND e.seq = r.entry_seq "
    "LEFT JOIN (SELECT member_id, reversal_of, SUM(available_delta) AS points FROM entries "
    "WHERE member_id > ? AND member_id <= ? AND type = 5 GROUP BY member_id, reversal_of) b "
    "ON b.member_id = r.member_id AND b.reversal_of = r.entry_seq "
    "WHERE r.member_id > ? AND r.member_id <= ? AND (e.seq IS NULL OR e.type <> 4 OR -e.available_delta <> r.points OR "
    "COALESCE(b.points, 0) <> CASE r.state WHEN 2 THEN r.points ELSE 0 END) ORDER BY r.member_id, r.id LIMIT 1",
    "iiii", "ii");

Rows Ranges(const VerifyChunk& chunk, int times) {
  Rows rows(static_cast<std::size_t>(times) * 2);
  for (int i = 0; i < times; ++i) rows.Add(chunk.from, chunk.to);
  return rows;
}

}  // namespace

std::string VerifyLinks(Session& session, const VerifyChunk& chunk) {
  std::string difference;
  session.Read(kReceiptOfEntry, Ranges(chunk, 1), [&](const ResultRow& row) {
    difference =
        "entries " + chunk.Name(row.Number(0), "/entries/", row.Number(1)) + ": its receipt is not the member's";
  });
  if (!difference.empty()) return difference;
  session.Read(kEarnedTwice, Ranges(chunk, 1), [&](const ResultRow& row) {
    difference = "entries " + chunk.Name(row.Number(0), "/entries/", row.Number(1)) + ": its receipt has earned before";
  });
  if (!difference.empty()) return difference;
  session.Read(kRecordedTwice, Ranges(chunk, 1), [&](const ResultRow& row) {
    difference = "receipts receipts/" + PublicName(row.Number(1)) + ": its request has recorded another one";
  });
  if (!difference.empty()) return difference;
  session.Read(kRedemptions, Ranges(chunk, 2), [&](const ResultRow& row) {
    difference = "redemptions " + chunk.Name(row.Number(0)) + "/redemptions/" + PublicName(row.Number(1)) +
                 ": the ledger does not burn or give back what it says";
  });
  return difference;
}

}  // namespace loyalty::storage
