#include "storage/member_reads.h"

#include <algorithm>

#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<MemberRow> FindMember(Session& session, std::int64_t public_id) {
  static const auto kFind = SetStatement::SelectIn(MemberRow::table().select() + " WHERE public_id", Type::kNumber);
  return First(ReadRows<MemberRow>(session, kFind, Rows::Of(public_id)));
}

std::optional<MemberRow> FindMemberBy(Session& session, const std::string& code) {
  static const auto kFind = SetStatement::SelectEach<std::string>(
      MemberRow::table().select() + " WHERE id = (SELECT member_id FROM identifiers WHERE code = ?)");
  return First(ReadRows<MemberRow>(session, kFind, Rows::Of(code)));
}

std::vector<MemberRow> ReadMembers(Session& session, MemberState state, bool enrolled_only, std::int64_t before,
                                   int limit) {
  using Id = std::int64_t;
  static const auto kMembers = SetStatement::SelectEach<Id, int, int, int, int>(
      MemberRow::table().select() +
      " WHERE id < ? AND state BETWEEN ? AND ? AND anonymous <= ? ORDER BY id DESC LIMIT ?");
  const int wanted = static_cast<int>(state);
  const int first = wanted == 0 ? static_cast<int>(MemberState::kActive) : wanted;
  const int last = wanted == 0 ? static_cast<int>(MemberState::kBlocked) : wanted;
  auto rows = ReadRows<MemberRow>(session, kMembers, Rows::Of(before, first, last, enrolled_only ? 0 : 1, limit));
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  return rows;
}

std::vector<IdentifierRow> ReadIdentifiers(Session& session, std::int64_t member_id) {
  static const auto kFind =
      SetStatement::SelectIn(IdentifierRow::table().select() + " WHERE member_id", Type::kNumber, " ORDER BY code");
  return ReadRows<IdentifierRow>(session, kFind, Rows::Of(member_id));
}

std::optional<MemberProfileRow> ReadProfile(Session& session, std::int64_t member_id) {
  return ReadByKey<MemberProfileRow>(session, member_id);
}

std::optional<MemberKeyRow> ReadMemberKey(Session& session, std::int64_t member_id) {
  return ReadByKey<MemberKeyRow>(session, member_id);
}

std::map<std::int64_t, std::int64_t> ReadPublicIds(Session& session, const std::vector<std::int64_t>& ids) {
  static const auto kFind = SetStatement::SelectIn("SELECT id, public_id FROM members WHERE id", Type::kNumber);
  std::map<std::int64_t, std::int64_t> public_ids;
  Rows rows(1);
  for (const std::int64_t id : ids) rows.Add(id);
  session.Read(kFind, rows, [&public_ids](std::int64_t id, std::int64_t public_id) { public_ids[id] = public_id; });
  return public_ids;
}

}  // namespace loyalty::storage
