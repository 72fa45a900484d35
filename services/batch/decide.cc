#include "services/batch/decide.h"

#include "domain/earning.h"
#include "storage/guards.h"

namespace loyalty {

using storage::MemberEntry;
using storage::MemberState;

MemberEntry& AddMember(DecideContext& context, bool anonymous, std::string language, std::int64_t store_id) {
  const std::int64_t id = context.batch.ids.Take();
  MemberEntry& member = context.set.members[id];
  member.id = id;
  member.public_id = context.batch.random();
  member.anonymous = anonymous;
  member.language = std::move(language);
  member.is_new = member.purchases_loaded = true;
  member.create_time = context.now();
  member.store_id = store_id;
  member.account.member_name = storage::PublicName(member.public_id);
  context.set.member_ids[member.account.member_name] = id;
  return member;
}

Result<MemberEntry*> FindActiveMember(DecideContext& context, const Identifier& identifier) {
  const Error unknown{Reason::kMemberUnknown, "no member has this identifier", {}};
  const auto at = context.set.identifiers.find(identifier.key);
  if (at == context.set.identifiers.end() || at->second.member_id == 0) return unknown;
  if (at->second.state == IdentifierState::kBlocked)
    return Error{Reason::kIdentifierBlocked, "this identifier is blocked for good", {}};
  MemberEntry* member = context.set.FindMember(at->second.member_id);
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return unknown;
  if (member->state == MemberState::kBlocked) return Error{Reason::kMemberBlocked, "the member is blocked", {}};
  return member;
}

Day BusinessDate(const Receipt& receipt, const Place& place) {
  return receipt.business_date ? *receipt.business_date
                               : BusinessDayOf(receipt.business_time, place.zone, place.day_cut_minutes);
}

Status CheckBusinessTime(Instant business_time, const Place& place, Instant now) {
  const Error error{
      Reason::kBusinessTimeOutOfRange,
      "the business time " + FormatTime(business_time) +
          " is more than 5 minutes ahead or 40 days behind the server: check the till's clock, or import with "
          "an admin key",
      {{"field", "business_time"}}};
  if (!storage::TheGuards().business_time) return Ok{};
  if (business_time > now + kAheadMax) return error;
  if (business_time < (place.is_admin ? kFirstTime : now - kLateMax)) return error;
  return Ok{};
}

}  // namespace loyalty
