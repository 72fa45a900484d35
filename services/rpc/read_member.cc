#include "services/rpc/read_member.h"

#include <map>

#include "services/codec/names.h"
#include "services/commands/account.h"

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

std::vector<ExpiringPoints> ExpiringSoon(storage::Session& session, const MemberNow& member, Instant now) {
  std::map<Instant, Points> dates;
  for (const auto& date : storage::ReadExpiring(session, member.row.id, now, kExpiringMax))
    dates[date.expire_time] += date.points;
  for (const Lot& lot : member.account.lots)
    if (lot.spendable() > 0 && lot.terms.expire_time != kNever && lot.terms.expire_time > now)
      dates[lot.terms.expire_time] += lot.spendable();
  std::vector<ExpiringPoints> out;
  for (const auto& [time, points] : dates)
    if (static_cast<int>(out.size()) < kExpiringMax) out.push_back({time, points});
  return out;
}

LiveMember LiveOf(const MemberNow& member, const absl::TimeZone& zone) {
  LiveMember live = LiveOf(member.row, zone);
  live.balance = member.account.balance;
  return live;
}

}  // namespace loyalty
