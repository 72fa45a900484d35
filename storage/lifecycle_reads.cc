#include "storage/lifecycle_reads.h"

#include "storage/read_table.h"
#include "storage/tables/days.h"

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;
using Id = std::int64_t;

Rows IdRows(const std::vector<std::int64_t>& ids) {
  Rows rows(1);
  for (const Id id : ids) rows.Add(id);
  return rows;
}

}  // namespace

std::set<std::int64_t> ReadDueMemberIds(Session& session, Day today, std::size_t limit) {
  static const auto kDue =
      SetStatement::SelectEach<Day, Id>("SELECT id FROM members WHERE due_day <= ? ORDER BY due_day LIMIT ?");
  std::set<std::int64_t> ids;
  session.Read(kDue, Rows::Of(today, static_cast<Id>(limit)), [&ids](Id id) { ids.insert(id); });
  return ids;
}

std::int64_t CountMembers(Session& session) {
  std::int64_t count = 0;
  session.Read("SELECT COUNT(*) FROM members", [&count](Id members) { count = members; });
  return count;
}

std::int64_t CountDueMembers(Session& session, Day today) {
  static const auto kCount =
      SetStatement::SelectEach<Day>("SELECT COUNT(*) AS members FROM members WHERE due_day <= ?");
  std::int64_t count = 0;
  session.Read(kCount, Rows::Of(today), [&count](Id members) { count = members; });
  return count;
}

IdRange NextMembers(Session& session, std::int64_t after, std::int64_t rows) {
  static const auto kEnd =
      SetStatement::SelectEach<Id, Id>("SELECT id FROM members WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?");
  std::int64_t last = kLastId;
  session.Read(kEnd, Rows::Of(after, rows - 1), [&last](Id id) { last = id; });
  return {after, last};
}

std::vector<MemberPosition> ReadPositions(Session& session, const IdRange& range) {
  static const auto kPositions = SetStatement::SelectEach<Id, Id>(
      "SELECT id, anonymous, create_time, first_day, last_day, days, amount, q1_amount, q2_amount, q3_amount, "
      "q4_amount, quarter_years, stage, segment, lost_stage, rule, since_day, retained, due_day FROM members "
      "WHERE id > ? AND id <= ? ORDER BY id");
  std::vector<MemberPosition> positions;
  session.Read(
      kPositions, Rows::Of(range.after, range.last),
      [&positions](Id id, bool anonymous, Instant create_time, Day first_day, Day last_day, Id days, Id amount, Id q1,
                   Id q2, Id q3, Id q4, Id years, retention::Stage stage, retention::Segment segment,
                   retention::LostStage lost, retention::LifecycleRule rule, Day since, bool retained, Day due) {
        MemberPosition& position = positions.emplace_back();
        position.id = id;
        position.anonymous = anonymous;
        position.create_time = create_time;
        position.summary.first_day = first_day;
        position.summary.last_day = last_day;
        position.summary.days = days;
        position.summary.amount = amount;
        position.summary.quarter_amount = {q1, q2, q3, q4};
        UnpackYears(years, position.summary);
        position.lifecycle = {{stage, segment, lost}, rule, since, due, retained};
      });
  return positions;
}

void ReadAllMembers(Session& session, const OnMembers& take, const std::function<bool()>& go_on) {
  static const auto kMembers =
      SetStatement::SelectEach<Id, Id>(MemberRow::table().select() + " WHERE id > ? ORDER BY id LIMIT ?");
  for (std::int64_t after = 0; go_on();) {
    const auto members = ReadRows<MemberRow>(session, kMembers, Rows::Of(after, kRangeRows));
    if (members.empty()) return;
    take(members);
    after = members.back().id;
  }
}

std::vector<retention::MemberSummary> ReadSummaries(Session& session, const IdRange& range) {
  static const auto kSummaries = SetStatement::SelectEach<Id, Id>(
      "SELECT first_day, last_day, days, amount, first_day_amount, sum_ln_gap FROM members "
      "WHERE id > ? AND id <= ? AND days > 0 ORDER BY id");
  std::vector<retention::MemberSummary> summaries;
  session.Read(kSummaries, Rows::Of(range.after, range.last),
               [&summaries](Day first, Day last, Id days, Id amount, Id first_amount, Id ln_gap) {
                 retention::MemberSummary& summary = summaries.emplace_back();
                 summary.first_day = first;
                 summary.last_day = last;
                 summary.days = days;
                 summary.amount = amount;
                 summary.first_day_amount = first_amount;
                 summary.sum_ln_gap = ln_gap;
               });
  return summaries;
}

std::map<std::int64_t, std::vector<MemberDay>> ReadDaysOf(Session& session,
                                                          const std::vector<std::int64_t>& member_ids) {
  static const auto kOlder = SetStatement::SelectIn(
      "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE receipts > 0 AND "
      "member_id",
      Type::kNumber, " ORDER BY member_id, day");
  static const auto kRecent = SetStatement::SelectIn("SELECT id, recent_days FROM members WHERE id", Type::kNumber);
  std::map<std::int64_t, std::vector<MemberDay>> days;
  session.Read(kOlder, IdRows(member_ids), [&days](Id id, Day day, Id amount, Id discount, Id receipts) {
    days[id].push_back({day, amount, discount, receipts});
  });
  session.Read(kRecent, IdRows(member_ids), [&days](Id id, const Bytes& recent) {
    for (const MemberDay& day : UnpackDays(recent.value))
      if (day.receipts > 0) days[id].push_back(day);
  });
  return days;
}

std::map<std::int64_t, bool> ReadMarketingConsents(Session& session, const std::vector<std::int64_t>& member_ids) {
  static const auto kConsents = SetStatement::SelectIn(
      "SELECT member_id, channel, granted FROM consents WHERE purpose = 'marketing' AND "
      "member_id",
      Type::kNumber, " ORDER BY member_id, consent_seq");
  std::map<std::int64_t, std::map<std::string, bool>> channels;  // the newest row of each
  session.Read(kConsents, IdRows(member_ids),
               [&channels](Id id, const std::string& channel, bool granted) { channels[id][channel] = granted; });
  std::map<std::int64_t, bool> consents;
  for (const auto& [id, granted] : channels)
    for (const auto& [channel, yes] : granted) consents[id] = consents[id] || yes;
  return consents;
}

}  // namespace loyalty::storage
