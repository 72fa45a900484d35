#include "storage/lifecycle_reads.h"

namespace loyalty::storage {
namespace {

using retention::Day;

const SetStatement kDueIds = SetStatement::SelectEach(
    "SELECT member_id FROM member_statistics WHERE due_day <= ? ORDER BY due_day LIMIT ?", "ii", "i");
const SetStatement kCountDue =
    SetStatement::SelectEach("SELECT COUNT(*) AS members FROM member_statistics WHERE due_day <= ?", "i", "i");
const SetStatement kEndOfMembers =
    SetStatement::SelectEach("SELECT id FROM members WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", "ii", "i");
const SetStatement kEndOfStatistics = SetStatement::SelectEach(
    "SELECT member_id FROM member_statistics WHERE member_id > ? ORDER BY member_id LIMIT 1 OFFSET ?", "ii", "i");
const SetStatement kMembers = SetStatement::SelectEach(
    "SELECT id, public_id, anonymous, store_id, create_time FROM members WHERE id > ? ORDER BY id LIMIT ?", "ii",
    "iiiii");
const SetStatement kPositions = SetStatement::SelectEach(
    "SELECT id, anonymous, create_time FROM members WHERE id > ? AND id <= ? ORDER BY id", "ii", "iii");
const SetStatement kSummaries = SetStatement::SelectEach(
    "SELECT member_id, first_day, last_day, days, amount, first_day_amount, sum_ln_gap FROM member_statistics "
    "WHERE member_id > ? AND member_id <= ? ORDER BY member_id",
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

Rows One(std::int64_t number) {
  Rows rows(1);
  rows.Add(number);
  return rows;
}

// The number that is answered; 0: none.
std::int64_t Number(Session& session, const SetStatement& statement, const Rows& rows) {
  std::int64_t number = 0;
  session.Read(statement, rows, [&number](const ResultRow& row) { number = row.Number(0); });
  return number;
}

std::int64_t Count(Session& session, const char* query) {
  std::int64_t count = 0;
  session.Read(query, "i", [&count](const ResultRow& row) { count = row.Number(0); });
  return count;
}

IdRange Next(Session& session, const SetStatement& end, std::int64_t after, std::int64_t rows) {
  const std::int64_t last = Number(session, end, Two(after, rows - 1));
  return {after, last == 0 ? kLastId : last};
}

// Gives each row to the member that it is of; both are in the order of the ids, a row's first column.
template <typename Member, typename Take>
void Join(Session& session, const SetStatement& statement, std::int64_t after, std::vector<Member>& members,
          Take take) {
  if (members.empty()) return;
  auto at = members.begin();
  session.Read(statement, Two(after, members.back().id), [&](const ResultRow& row) {
    while (at != members.end() && at->id < row.Number(0)) ++at;
    if (at != members.end() && at->id == row.Number(0)) take(*at, row);
  });
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

std::int64_t CountDueMembers(Session& session, Day today) { return Number(session, kCountDue, One(today)); }

IdRange NextMembers(Session& session, std::int64_t after, std::int64_t rows) {
  return Next(session, kEndOfMembers, after, rows);
}

IdRange NextStatistics(Session& session, std::int64_t after, std::int64_t rows) {
  return Next(session, kEndOfStatistics, after, rows);
}

std::vector<MemberPosition> ReadPositions(Session& session, const IdRange& range) {
  std::vector<MemberPosition> positions;
  session.Read(kPositions, Two(range.after, range.last), [&positions](const ResultRow& row) {
    MemberPosition& position = positions.emplace_back();
    position.id = row.Number(0);
    position.anonymous = row.Number(1) != 0;
    position.create_time = row.Number(2);
  });
  Join(session, SelectStandingsBetween(), range.after, positions,
       [](MemberPosition& position, const ResultRow& row) { StandingOf(row, position.summary, position.lifecycle); });
  return positions;
}

void ReadAllCourses(Session& session, const OnCourses& take, const std::function<bool()>& go_on) {
  for (std::int64_t after = 0; go_on();) {
    std::vector<MemberCourse> courses;
    session.Read(kMembers, Two(after, kRangeRows), [&courses](const ResultRow& row) {
      courses.push_back({row.Number(0), row.Number(1), row.Number(2) != 0, row.Number(3), row.Number(4), std::nullopt});
    });
    if (courses.empty()) return;
    Join(session, SelectStatisticsBetween(), after, courses,
         [](MemberCourse& course, const ResultRow& row) { course.statistics = StatisticsOf(row); });
    take(courses);
    after = courses.back().id;
  }
}

std::vector<retention::MemberSummary> ReadSummaries(Session& session, const IdRange& range) {
  std::vector<retention::MemberSummary> summaries;
  session.Read(kSummaries, Two(range.after, range.last), [&](const ResultRow& row) {
    retention::MemberSummary& summary = summaries.emplace_back();
    summary.first_day = static_cast<Day>(row.Number(1));
    summary.last_day = static_cast<Day>(row.Number(2));
    summary.days = row.Number(3);
    summary.amount = row.Number(4);
    summary.first_day_amount = row.Number(5);
    summary.sum_ln_gap = row.Number(6);
  });
  return summaries;
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
