#include "storage/tables/counts.h"

#include <string>

namespace loyalty::storage {
namespace {

// The last entry of a member that was recorded before: what comes behind it is looked at. Entries are stored by member
// and seq, and read from the newest on until one is older.
constexpr const char* kLastBefore =
    "COALESCE((SELECT p.seq FROM entries p WHERE p.member_id = v.member_id AND p.record_time < v.since "
    "ORDER BY p.seq DESC LIMIT 1), 0)";

}  // namespace

// Types of entries: 1 EARN, 4 BURN, 5 BURN_RESTORE. A receipt without goods has no sale_day, its row has the day.
const Table<EarnedOfDayRow>& EarnedOfDayRow::table() {
  static const Table<EarnedOfDayRow> kTable(
      {"entries", 0, Rank::kNone},
      {Col<&EarnedOfDayRow::member_id>("member_id", kKey), Col<&EarnedOfDayRow::day>("day", kKey),
       Col<&EarnedOfDayRow::since>("since", kKey),
       Col<&EarnedOfDayRow::earned, &EarnedOfDay::receipts>("receipts_earning"),
       Col<&EarnedOfDayRow::earned, &EarnedOfDay::points>("points_earned")},
      std::string("SELECT v.member_id, v.day, v.since, COUNT(e.seq) AS receipts_earning, "
                  "COALESCE(SUM(e.available_delta + e.pending_delta), 0) AS points_earned "
                  "FROM (SELECT ? AS member_id, ? AS day, ? AS since) v "
                  "LEFT JOIN entries e ON e.member_id = v.member_id AND e.seq > ") +
          kLastBefore +
          " AND e.type = 1 AND e.receipt_id IS NOT NULL AND (e.sale_day = v.day OR (e.sale_day IS NULL AND "
          "EXISTS (SELECT 1 FROM receipts r WHERE r.id = e.receipt_id AND r.business_date = v.day))) "
          "GROUP BY v.member_id, v.day, v.since");
  return kTable;
}

const Table<SpentSinceRow>& SpentSinceRow::table() {
  static const Table<SpentSinceRow> kTable(
      {"entries", 0, Rank::kNone},
      {Col<&SpentSinceRow::member_id>("member_id", kKey), Col<&SpentSinceRow::since>("since", kKey),
       Col<&SpentSinceRow::spent, &SpentOfDay::redemptions>("redemptions"),
       Col<&SpentSinceRow::spent, &SpentOfDay::points>("points_spent")},
      std::string("SELECT v.member_id, v.since, COUNT(CASE WHEN e.type = 4 THEN 1 END) AS redemptions, "
                  "COALESCE(SUM(-e.available_delta), 0) AS points_spent FROM (SELECT ? AS member_id, ? AS since) v "
                  "LEFT JOIN entries e ON e.member_id = v.member_id AND e.seq > ") +
          kLastBefore + " AND (e.type = 4 OR (e.type = 5 AND e.reversal_of > " + kLastBefore +
          ")) GROUP BY v.member_id, v.since");
  return kTable;
}

// Limits: 6 of a terminal, 8 of a store, 9 of an operator. Each sum walks an index of its own, and only the one that is
// asked for is made.
const Table<SpentUnderRow>& SpentUnderRow::table() {
  const auto sum = [](const std::string& whose) {
    return "(SELECT SUM(r.points) FROM redemptions r WHERE " + whose + " AND r.create_time >= v.since AND r.state = 1)";
  };
  static const Table<SpentUnderRow> kTable(
      {"redemptions", 0, Rank::kNone},
      {Col<&SpentUnderRow::limit>("limit_kind", kKey), Col<&SpentUnderRow::whose_id>("whose_id", kKey),
       Col<&SpentUnderRow::operator_id>("operator", kKey), Col<&SpentUnderRow::since>("since", kKey),
       Col<&SpentUnderRow::points>("points_spent")},
      "SELECT v.limit_kind, v.whose_id, v.operator, v.since, COALESCE(CASE v.limit_kind WHEN 6 THEN " +
          sum("r.terminal_id = v.whose_id") + " WHEN 8 THEN " + sum("r.store_id = v.whose_id") + " WHEN 9 THEN " +
          sum("r.operator = v.operator AND COALESCE(r.store_id, 0) = v.whose_id") +
          " END, 0) AS points_spent FROM (SELECT ? AS limit_kind, ? AS whose_id, ? AS operator, ? AS since) v");
  return kTable;
}

}  // namespace loyalty::storage
