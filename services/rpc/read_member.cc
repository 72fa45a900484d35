#include "services/rpc/read_member.h"

#include "services/codec/names.h"

namespace loyalty {

Error MemberUnknown() { return Error{Reason::kMemberUnknown, "there is no such member", {}}; }

MemberNow AsOfNow(storage::Session& session, storage::MemberRow row, Instant now) {
  Account account = storage::AccountAsOf(session, row, now);
  return {std::move(row), std::move(account)};
}

Result<std::optional<MemberNow>> ReadMember(storage::Session& session, std::int64_t public_id,
                                            std::int64_t min_member_seq, Instant now) {
  auto row = storage::FindMember(session, public_id);
  if (!row) return MemberUnknown();
  if (row->seq < min_member_seq) return std::optional<MemberNow>();
  return std::optional(AsOfNow(session, *std::move(row), now));
}

LiveMember LiveOf(const MemberNow& member, const absl::TimeZone& zone) {
  LiveMember live = LiveOf(member.row, zone);
  live.balance = member.account.balance;
  return live;
}

Result<std::optional<std::int64_t>> MemberOrAll(storage::Session& session, std::string_view name) {
  if (name.empty()) return std::optional<std::int64_t>();
  const auto member = storage::FindMember(session, *ParseMemberName("member", name));
  if (!member) return MemberUnknown();
  return std::optional(member->id);
}

}  // namespace loyalty
