#include "services/rpc/read_member.h"

#include "services/batch/lifecycle.h"
#include "services/rpc/names.h"
#include "storage/ledger_reads.h"

namespace loyalty {

Error MemberUnknown() { return Error{Reason::kMemberUnknown, "there is no such member", {}}; }

Result<std::optional<storage::MemberRecord>> ReadMember(storage::Session& session, std::int64_t public_id,
                                                        std::int64_t min_member_seq, Instant now) {
  auto member = storage::FindMember(session, public_id);
  if (!member) return MemberUnknown();
  if (member->account.seq < min_member_seq) return std::optional<storage::MemberRecord>();
  // The position is the stored one: what is due and not written yet has no place in the ledger.
  const std::int64_t seq = member->account.seq;
  storage::SettleForRead(session, member->id, member->account, now);
  member->account.seq = seq;
  return member;
}

MemberSight SightOf(const storage::MemberRecord& member, const std::optional<storage::StatisticsRow>& statistics,
                    const absl::TimeZone& zone) {
  MemberSight sight{member.account.member_name, "", member.language, member.account.balance, {}, {}};
  const storage::StatisticsRow row = statistics.value_or(storage::StatisticsRow());
  sight.facts = MakeFacts(member.create_time, member.anonymous, row, zone);
  sight.lifecycle = row.lifecycle;
  return sight;
}

Result<std::optional<std::int64_t>> MemberOrAll(storage::Session& session, std::string_view name) {
  if (name.empty()) return std::optional<std::int64_t>();
  const auto member = storage::FindMember(session, *ParseMemberName("member", name));
  if (!member) return MemberUnknown();
  return std::optional(member->id);
}

}  // namespace loyalty
