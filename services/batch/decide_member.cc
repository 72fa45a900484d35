#include <algorithm>
#include <set>

#include "loyalty/v1/member_service.pb.h"
#include "services/batch/decide.h"
#include "services/batch/lifecycle.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::IdentifierEntry;
using storage::MemberEntry;
using storage::MemberState;

Error Taken() {
  return Error{Reason::kIdentifierTaken, "an identifier belongs to another member", {{"field", "identifiers"}}};
}
Error Blocked() {
  return Error{Reason::kIdentifierBlocked, "an identifier is blocked for good", {{"field", "identifiers"}}};
}

// Who gave a name, a phone number or an e-mail address is somebody, whose account nobody else can enrol.
bool StaysAnonymous(const EnrollMemberCommand& command) {
  return !command.has_person &&
         std::none_of(command.identifiers.begin(), command.identifiers.end(), [](const auto& id) {
           return id.kind == IdentifierKind::kPhone || id.kind == IdentifierKind::kEmail;
         });
}

}  // namespace

Result<Decision> DecideEnrollMember(DecideContext& context, const EnrollMemberCommand& command) {
  std::set<std::int64_t> owners;
  bool blocked = false;
  for (const Identifier& identifier : command.identifiers) {
    const IdentifierEntry& entry = context.set.identifiers[identifier.key];
    if (entry.member_id == 0) continue;
    blocked = blocked || entry.state == IdentifierState::kBlocked;
    owners.insert(entry.member_id);
  }
  // One anonymous member may be enrolled; two would have to be merged first.
  if (owners.size() > 1) return Taken();
  MemberEntry* member = owners.empty() ? nullptr : context.set.FindMember(*owners.begin());
  if (!owners.empty() && (member == nullptr || !member->anonymous || member->state != MemberState::kActive))
    return Taken();
  if (blocked) return Blocked();
  const bool created = member == nullptr;
  const LifecycleContext lifecycle{context.set, context.batch.snapshot.measure.get()};
  if (!created) AdvanceLifecycle(lifecycle, *member);
  if (created) {
    member = &AddMember(context, StaysAnonymous(command), command.language, command.place.store_id);
  } else {
    member->anonymous = StaysAnonymous(command);
    member->language = command.language;
    member->acquisition_changed = true;
  }
  member->changed = true;
  member->acquisition = {command.channel, command.campaign, command.partner, command.referral, command.touchpoint};
  if (command.has_person) {
    member->greeting_name = command.greeting_name.empty() ? command.given_name : command.greeting_name;
    member->person = {command.given_name, command.family_name, member->greeting_name, command.birth_date};
  }
  for (const Identifier& identifier : command.identifiers) {
    IdentifierEntry& entry = context.set.identifiers[identifier.key];
    if (entry.member_id == 0) entry = {identifier.kind, member->id, IdentifierState::kActive, true};
  }
  ReclassifyLifecycle(lifecycle, *member, retention::Cause::kManual, 0, false);
  v1::EnrollMemberResult result;
  result.set_member("members/" + member->account.member_name);
  result.set_created(created);
  return Decision{.result = result.SerializeAsString(), .member_id = member->id};
}

Result<Decision> DecideLinkIdentifier(DecideContext& context, const LinkIdentifierCommand& command) {
  const auto id = context.set.member_ids.find(command.member_name);
  MemberEntry* member = id == context.set.member_ids.end() ? nullptr : context.set.FindMember(id->second);
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return Error{Reason::kMemberUnknown, "no such member", {}};
  IdentifierEntry& entry = context.set.identifiers[command.identifier.key];
  if (entry.member_id != 0 && entry.state == IdentifierState::kBlocked) return Blocked();
  if (entry.member_id != 0 && entry.member_id != member->id && storage::TheGuards().link_owner) return Taken();
  const bool linked = entry.member_id == 0;
  if (linked) entry = {command.identifier.kind, member->id, IdentifierState::kActive, true};
  // The member's row is written too: on a cluster a row that was only read is not certified.
  member->changed = true;
  v1::LinkIdentifierResult result;
  result.set_member("members/" + member->account.member_name);
  result.set_linked(linked);
  return Decision{.result = result.SerializeAsString(), .member_id = member->id};
}

}  // namespace loyalty
