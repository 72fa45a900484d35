// Purchase days and statistics, recomputed from the receipts.
#include <vector>

#include "retention/summary.h"
#include "storage/statistics.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

using retention::MemberDay;
using retention::MemberSummary;
using Days = std::map<std::int64_t, std::vector<MemberDay>>;

// The same rule as GoodsOf: goods lines count; a receipt without lines counts with its total when that is not negative.
const SetStatement kRecomputed = SetStatement::SelectEach(
    "SELECT g.member_id, g.business_date, SUM(g.amount) AS amount, SUM(g.discount) AS discount, COUNT(*) AS receipts "
    "FROM (SELECT r.id, r.member_id, r.business_date, "
    "CASE WHEN COUNT(l.receipt_id) = 0 THEN MAX(r.total) ELSE SUM(CASE WHEN l.kind = 1 THEN l.amount ELSE 0 END) END "
    "AS amount, SUM(CASE WHEN l.kind = 1 THEN l.discount ELSE 0 END) AS discount, "
    "CASE WHEN COUNT(l.receipt_id) = 0 THEN CASE WHEN MAX(r.total) >= 0 THEN 1 ELSE 0 END "
    "ELSE MAX(CASE WHEN l.kind = 1 THEN 1 ELSE 0 END) END AS purchase "
    "FROM receipts r LEFT JOIN receipt_lines l ON l.receipt_id = r.id "
    "WHERE r.member_id > ? AND r.member_id <= ? AND r.kind = 1 AND r.state = 1 AND "
    "r.currency = (SELECT p.currency FROM program p WHERE p.id = 1) GROUP BY r.id, r.member_id, r.business_date) g "
    "WHERE g.purchase = 1 GROUP BY g.member_id, g.business_date ORDER BY g.member_id, g.business_date",
    "ii", "iiiii");
const SetStatement kStoredDays = SetStatement::SelectEach(
    "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE member_id > ? AND member_id <= ? "
    "ORDER BY member_id, day",
    "ii", "iiiii");
const SetStatement kCount = SetStatement::SelectEach(
    "SELECT COUNT(*) AS receipts FROM receipts WHERE member_id > ? AND member_id <= ?", "ii", "i");

Days ReadDays(Session& session, const SetStatement& statement, const Rows& range) {
  Days days;
  session.Read(statement, range, [&days](const ResultRow& row) {
    days[row.Number(0)].push_back(
        {static_cast<retention::Day>(row.Number(1)), row.Number(2), row.Number(3), row.Number(4)});
  });
  return days;
}

std::map<std::int64_t, MemberSummary> ReadSummaries(Session& session, const Rows& range) {
  std::map<std::int64_t, MemberSummary> summaries;
  session.Read(SelectStatisticsBetween(), range,
               [&summaries](const ResultRow& row) { summaries[row.Number(0)] = StatisticsOf(row).summary; });
  return summaries;
}

// The first day on which two lists of days differ.
std::string DayDifference(const std::vector<MemberDay>& stored, const std::vector<MemberDay>& expected) {
  for (std::size_t i = 0; i < std::max(stored.size(), expected.size()); ++i) {
    if (i < stored.size() && i < expected.size() && stored[i] == expected[i]) continue;
    const bool extra = i >= expected.size() || (i < stored.size() && stored[i].day < expected[i].day);
    const bool missing = i >= stored.size() || (i < expected.size() && expected[i].day < stored[i].day);
    return FormatDay(extra ? stored[i].day : expected[i].day) + (extra     ? ": no receipt of this day"
                                                                 : missing ? ": missing, there are receipts"
                                                                           : ": not what its receipts add up to");
  }
  return "";
}

}  // namespace

std::string VerifyPurchases(Session& session, const VerifyChunk& chunk, VerifyReport& report) {
  Rows range(2);
  range.Add(chunk.from, chunk.to);
  session.Read(kCount, range, [&report](const ResultRow& row) { report.receipts += row.Number(0); });
  Days expected = ReadDays(session, kRecomputed, range);
  Days stored = ReadDays(session, kStoredDays, range);
  auto summaries = ReadSummaries(session, range);
  for (const auto& [id, member] : chunk.members) {
    const std::string difference = DayDifference(stored[id], expected[id]);
    if (!difference.empty()) return "member_day " + chunk.Name(id) + " " + difference;
    const MemberSummary& summary = summaries[id];
    const bool same = expected[id].empty() ? summary.days == 0 && summary.receipts == 0 && summary.amount == 0
                                           : summary == retention::Summarise(expected[id]);
    if (!same) return "member_statistics " + chunk.Name(id) + ": not what its purchase days add up to";
  }
  return "";
}

}  // namespace loyalty::storage
