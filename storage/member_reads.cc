#include "storage/member_reads.h"

namespace loyalty::storage {
namespace {

const std::string kColumns =
    "SELECT m.id, m.public_id, m.state, m.anonymous, m.language, m.acquisition_channel, m.acquisition_campaign, "
    "m.acquisition_partner, m.acquisition_referral, m.acquisition_touchpoint, m.create_time, m.available, m.pending, "
    "m.held, m.debt, m.next_due_time, m.member_seq, m.chain_head FROM members m ";
constexpr const char* kTypes = "iiiittttttiiiiiiit";
const SetStatement kByPublicId = SetStatement::SelectIn(kColumns + "WHERE m.public_id", "i", "", kTypes);
const SetStatement kByIdentifier =
    SetStatement::SelectIn(kColumns + "JOIN identifiers i ON i.member_id = m.id WHERE i.normalised", "t", "", kTypes);
const SetStatement kIdentifiers = SetStatement::SelectIn(
    "SELECT normalised, kind, state FROM identifiers WHERE member_id", "i", " ORDER BY normalised", "tii");
const SetStatement kPerson = SetStatement::SelectIn(
    "SELECT given_name, family_name, greeting_name, birth_date FROM member_personal WHERE member_id", "i", "", "tttt");
const SetStatement kPublicIds = SetStatement::SelectIn("SELECT id, public_id FROM members WHERE id", "i", "", "ii");

std::optional<MemberRecord> Find(Session& session, const SetStatement& statement, Cell key) {
  std::optional<MemberRecord> found;
  Rows rows(1);
  rows.Add(std::move(key));
  session.Read(statement, rows, [&found](const ResultRow& row) {
    MemberRecord member;
    member.id = row.Number(0);
    member.public_id = row.Number(1);
    member.state = static_cast<MemberState>(row.Number(2));
    member.anonymous = row.Number(3) != 0;
    member.language = row.Text(4);
    member.acquisition = {row.Text(5), row.Text(6), row.Text(7), row.Text(8), row.Text(9)};
    member.create_time = row.Number(10);
    member.account.member_name = PublicName(member.public_id);
    member.account.balance = {row.Number(11), row.Number(12), row.Number(13), row.Number(14)};
    member.account.next_due_time = row.Number(15);
    member.account.seq = row.Number(16);
    member.account.chain_head = row.Text(17);
    found = std::move(member);
  });
  return found;
}

Rows One(std::int64_t member_id) {
  Rows rows(1);
  rows.Add(member_id);
  return rows;
}

}  // namespace

std::optional<MemberRecord> FindMember(Session& session, std::int64_t public_id) {
  return Find(session, kByPublicId, public_id);
}

std::optional<MemberRecord> FindMember(Session& session, const Identifier& identifier) {
  return Find(session, kByIdentifier, identifier.key);
}

std::vector<IdentifierRecord> ReadIdentifiers(Session& session, std::int64_t member_id) {
  std::vector<IdentifierRecord> identifiers;
  session.Read(kIdentifiers, One(member_id), [&identifiers](const ResultRow& row) {
    identifiers.push_back(
        {{static_cast<IdentifierKind>(row.Number(1)), row.Text(0)}, static_cast<IdentifierState>(row.Number(2))});
  });
  return identifiers;
}

std::optional<PersonRow> ReadPerson(Session& session, std::int64_t member_id) {
  std::optional<PersonRow> person;
  session.Read(kPerson, One(member_id), [&person](const ResultRow& row) {
    person = PersonRow{row.Text(0), row.Text(1), row.Text(2), row.Text(3)};
  });
  return person;
}

std::optional<StatisticsRow> ReadStatistics(Session& session, std::int64_t member_id) {
  std::optional<StatisticsRow> statistics;
  session.Read(SelectStatistics(), One(member_id),
               [&statistics](const ResultRow& row) { statistics = StatisticsOf(row); });
  return statistics;
}

std::map<std::int64_t, std::int64_t> ReadPublicIds(Session& session, const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, std::int64_t> public_ids;
  Rows rows(1);
  for (const std::int64_t id : ids) rows.Add(id);
  session.Read(kPublicIds, rows, [&public_ids](const ResultRow& row) { public_ids[row.Number(0)] = row.Number(1); });
  return public_ids;
}

}  // namespace loyalty::storage
