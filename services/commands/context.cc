#include "services/commands/context.h"

#include "domain/earning.h"
#include "services/commands/place.h"
#include "storage/guards.h"

namespace loyalty {

using storage::IdentifierRow;
using storage::MemberRow;
using storage::MemberState;
using storage::OpenLotRow;
using storage::PendingLotRow;

namespace {

// Reads lots until what is due by now is known.
template <typename Row>
void NeedDueLots(const MemberRow& member, const WorkingSet& set, Instant now, Needs& needs) {
  const auto& lots = set.of<Row>();
  const auto next = lots.NextReach(member.id);
  if (!next) return;
  const auto last = lots.LastOf(member.id);
  if (lots.HasReach(member.id) && last && std::get<1>(*last) > now) return;
  needs.First<Row>(member.id, *next);
}

}  // namespace

void NeedMember(std::int64_t member_id, const WorkingSet& set, const Rules& rules, Needs& needs) {
  needs.Root<MemberRow>(member_id);
  const MemberRow* member = set.Find<MemberRow>(member_id);
  if (member == nullptr || member->next_due_time > rules.now || !storage::TheGuards().settle_due) return;
  NeedDueLots<PendingLotRow>(*member, set, rules.now, needs);
  NeedDueLots<OpenLotRow>(*member, set, rules.now, needs);
}

void NeedOwner(const std::string& code, const WorkingSet& set, const Rules& rules, Needs& needs) {
  needs.Name<IdentifierRow>(code);
  if (const IdentifierRow* identifier = set.Find<IdentifierRow>(code);
      identifier != nullptr && identifier->member_id != 0)
    NeedMember(identifier->member_id, set, rules, needs);
}

Subjects OwnerOf(const std::string& code, const WorkingSet& set) {
  const IdentifierRow* identifier = set.Find<IdentifierRow>(code);
  if (identifier == nullptr || identifier->member_id == 0) return {};
  return {identifier->member_id};
}

Result<std::int64_t> FindActiveMember(const WorkingSet& set, const std::string& code) {
  const Error unknown{Reason::kMemberUnknown, "no member has this identifier", {}};
  const IdentifierRow* identifier = set.Find<IdentifierRow>(code);
  if (identifier == nullptr || identifier->member_id == 0) return unknown;
  if (identifier->state == IdentifierState::kBlocked)
    return Error{Reason::kIdentifierBlocked, "this identifier is blocked for good", {}};
  const MemberRow* member = set.Find<MemberRow>(identifier->member_id);
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return unknown;
  if (member->state == MemberState::kBlocked) return Error{Reason::kMemberBlocked, "the member is blocked", {}};
  return member->id;
}

MemberRow& AddMember(Context& context, bool anonymous, const std::string& language, std::int64_t store_id) {
  MemberRow member;
  member.id = context.draws.more.front();
  member.public_id = context.draws.name;
  member.anonymous = anonymous;
  member.language = language;
  member.store_id = store_id;
  member.create_time = context.rules.now;
  member.created_by = context.principal_id;
  context.set.of<OpenLotRow>().OwnAll(member.id);
  context.set.of<PendingLotRow>().OwnAll(member.id);
  context.set.of<storage::MemberDayRow>().OwnAll(member.id);
  context.set.of<storage::EarnedOfDayRow>().OwnAll(member.id);
  context.set.of<storage::SpentSinceRow>().OwnAll(member.id);
  context.set.of<storage::AlertRow>().OwnAll(member.id);
  return context.set.Put(std::move(member));
}

std::string RedemptionName(const std::string& member, std::int64_t name) {
  return "members/" + member + "/redemptions/" + storage::PublicName(name);
}

Error KeyMissing() {
  return Error{Reason::kUnavailable, "this server lacks a key that another one has: chain.key was changed", {}};
}

Status CheckBusinessTime(Instant business_time, const Place& place, Instant now) {
  const Instant first = place.is_admin ? kFirstTime : now - kLateMax;
  const bool in_range = business_time >= first && business_time <= now + kAheadMax;
  if (in_range || !storage::TheGuards().business_time) return Ok{};
  return Error{Reason::kBusinessTimeOutOfRange,
               "the business time " + FormatTime(business_time) +
                   " is more than 5 minutes ahead or 40 days behind the server: check the till's clock, or import with "
                   "an admin key",
               {{"field", "business_time"}}};
}

}  // namespace loyalty
