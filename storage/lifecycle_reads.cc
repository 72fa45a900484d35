#include "storage/lifecycle_reads.h"

namespace loyalty::storage {
namespace {

using retention::Day;

constexpr int kCoursesAtOnce = 5'000;

const SetStatement kDueIds = SetStatement::SelectEach(
    "SELECT member_id FROM member_statistics WHERE due_day <= ? ORDER BY due_day LIMIT ?", "ii", "i");
const SetStatement kCountDue =
    SetStatement::SelectEach("SELECT COUNT(*) AS members FROM member_statistics WHERE due_day <= ?", "i", "i");
const SetStatement kMembers = SetStatement::SelectEach(
    "SELECT id, public_id, anonymous, store_id, create_time FROM members WHERE id > ? ORDER BY id LIMIT ?", "ii",
    "iiiii");
const SetStatement kSummaries = SetStatement::SelectEach(
    "SELECT member_id, first_day, last_day, days, amount, first_day_amount, sum_ln_gap FROM member_statistics "
    "WHERE member_id > ? ORDER BY member_id LIMIT ?",
    "ii", "iiiiiii");
const SetStatement kDaysOf = SetStatement::SelectIn(
    "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE receipts > 0 AND member_id", "i",
    " ORDER BY member_id, day", "iiiii");
const SetStatement kConsents =
    SetStatement::SelectIn("SELECT member_id, channel, granted FROM consents WHERE purpose = 'marketing' AND member_id",
                           "i", " ORDER BY member_id, consent_seq", "iti");

Rows Two(std::int64_t first, std::int64_t second) {
  Rows rows(2);
  rows.Add(first, second);
  return rows;
}

std::int64_t Count(Session& session, const SetStatement& statement, std::int64_t key) {
  std::int64_t count = 0;
  Rows rows(1);
  rows.Add(key);
  session.Read(statement, rows, [&count](const ResultRow& row) { count = row.Number(0); });
  return count;
}

std::int64_t Count(Session& session, const char* query) {
  std::int64_t count = 0;
  session.Read(query, "i", [&count](const ResultRow& row) { count = row.Number(0); });
  return count;
}

}  // namespace

std::set<std::int64_t> ReadDueMemberIds(Session& session, Day today, std::size_t limit) {
  std::set<std::int64_t> ids;
  session.Read(kDueIds, Two(today, static_cast<std::int64_t>(limit)),
               [&ids](const ResultRow& row) { ids.insert(row.Number(0)); });
  return ids;
}

std::int64_t CountMembers(Session& session) { return Count(session, "SELECT COUNT(*) FROM members"); }

std::int64_t CountStatistics(Session& session) { return Count(session, "SELECT COUNT(*) FROM member_statistics"); }

std::int64_t CountDueMembers(Session& session, Day today) { return Count(session, kCountDue, today); }

void ReadCourses(Session& session, std::int64_t after, const OnCourses& take, const std::function<bool()>& go_on) {
  std::vector<MemberCourse> chunk;
  while (go_on()) {
    chunk.clear();
    session.Read(kMembers, Two(after, kCoursesAtOnce), [&chunk](const ResultRow& row) {
      chunk.push_back({row.Number(0), row.Number(1), row.Number(2) != 0, row.Number(3), row.Number(4), std::nullopt});
    });
    if (chunk.empty()) return;
    // Both are in the order of the ids.
    auto at = chunk.begin();
    session.Read(SelectStatisticsBetween(), Two(after, chunk.back().id), [&](const ResultRow& row) {
      while (at != chunk.end() && at->id < row.Number(0)) ++at;
      if (at != chunk.end() && at->id == row.Number(0)) at->statistics = StatisticsOf(row);
    });
    take(chunk);
    after = chunk.back().id;
  }
}

void ReadSummaries(Session& session, const OnSummaries& take, const std::function<bool()>& go_on) {
  std::vector<retention::MemberSummary> chunk;
  std::int64_t after = 0;
  while (go_on()) {
    chunk.clear();
    session.Read(kSummaries, Two(after, kCoursesAtOnce), [&](const ResultRow& row) {
      after = row.Number(0);
      retention::MemberSummary& summary = chunk.emplace_back();
      summary.first_day = static_cast<Day>(row.Number(1));
      summary.last_day = static_cast<Day>(row.Number(2));
      summary.days = row.Number(3);
      summary.amount = row.Number(4);
      summary.first_day_amount = row.Number(5);
      summary.sum_ln_gap = row.Number(6);
    });
    if (chunk.empty()) return;
    take(chunk);
  }
}

std::map<std::int64_t, std::vector<retention::MemberDay>> ReadDaysOf(Session& session,
                                                                     const std::vector<std::int64_t>& member_ids) {
  std::map<std::int64_t, std::vector<retention::MemberDay>> days;
  Rows rows(1);
  for (const std::int64_t id : member_ids) rows.Add(id);
  session.Read(kDaysOf, rows, [&days](const ResultRow& row) {
    days[row.Number(0)].push_back({static_cast<Day>(row.Number(1)), row.Number(2), row.Number(3), row.Number(4)});
  });
  return days;
}

std::map<std::int64_t, bool> ReadMarketingConsents(Session& session, const std::vector<std::int64_t>& member_ids) {
  std::map<std::int64_t, std::map<std::string, bool>> channels;  // the newest row of each
  Rows rows(1);
  for (const std::int64_t id : member_ids) rows.Add(id);
  session.Read(kConsents, rows,
               [&channels](const ResultRow& row) { channels[row.Number(0)][row.Text(1)] = row.Number(2) != 0; });
  std::map<std::int64_t, bool> consents;
  for (const auto& [id, granted] : channels)
    for (const auto& [channel, yes] : granted) consents[id] = consents[id] || yes;
  return consents;
}

}  // namespace loyalty::storage
