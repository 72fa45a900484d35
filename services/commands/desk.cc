#include "services/commands/desk.h"

#include "services/commands/identifiers.h"

namespace loyalty {
namespace {

using storage::IdentifierRow;
using storage::MemberNameRow;
using storage::MemberRow;
using storage::MemberState;
using storage::PrincipalRow;

const char* NameOfAction(Desk::Action action) {
  switch (action) {
    case Desk::Action::kUnlink: return "identifier.unlink";
    case Desk::Action::kBlock: return "identifier.block";
    case Desk::Action::kReplace: return "card.replace";
    case Desk::Action::kBlockMember: return "member.block";
    case Desk::Action::kUnblockMember: return "member.unblock";
  }
  return "";
}

bool SetState(MemberRow& member, MemberState state) {
  const bool changes = member.state != state;
  member.state = state;
  return changes;
}

// Whether something changed.
Result<bool> Do(Context& context, const Desk& command, MemberRow& member) {
  if (command.action == Desk::Action::kBlockMember) return SetState(member, MemberState::kBlocked);
  if (command.action == Desk::Action::kUnblockMember) return SetState(member, MemberState::kActive);
  IdentifierRow* identifier = context.set.Find<IdentifierRow>(command.identifier->key);
  if (identifier == nullptr || identifier->member_id != member.id)
    return Error{Reason::kIdentifierUnknown, "the member has no such identifier", {{"field", "identifier"}}};
  const bool is_blocked = identifier->state == IdentifierState::kBlocked;
  if (command.action == Desk::Action::kUnlink) {
    // Blocked for good: who found the card must not come by it to another account.
    if (is_blocked) return IdentifierBlocked();
    context.set.of<IdentifierRow>().Erase(command.identifier->key);
    return true;
  }
  if (command.action == Desk::Action::kReplace) {
    const IdentifierRow* other = context.set.Find<IdentifierRow>(command.replacement->key);
    if (is_blocked && identifier->replaced_by == command.replacement->key) return false;
    if (is_blocked || (other != nullptr && other->state == IdentifierState::kBlocked)) return IdentifierBlocked();
    if (other != nullptr) return IdentifierTaken();
    identifier->replaced_by = command.replacement->key;
    AddIdentifier(context, *command.replacement, member.id);
    identifier = context.set.Find<IdentifierRow>(command.identifier->key);
  }
  identifier->state = IdentifierState::kBlocked;
  return !is_blocked;
}

}  // namespace

void NeedsOf(const Desk& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  needs.Root<PrincipalRow>(command.principal_id);
  needs.Name<MemberNameRow>(command.member_public_id);
  for (const auto* identifier : {&command.identifier, &command.replacement})
    if (*identifier) NeedOwner((*identifier)->key, set, rules, needs);
  if (const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id))
    NeedMember(name->id, set, rules, needs);
}

Subjects SubjectsOf(const Desk& command, const WorkingSet& set) {
  const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id);
  return name == nullptr ? Subjects() : Subjects{name->id};
}

Result<DeskDecision> Decide(Context& context, const Desk& command) {
  const Subjects subjects = SubjectsOf(command, context.set);
  MemberRow* member = subjects.empty() ? nullptr : context.set.Find<MemberRow>(*subjects.begin());
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return Error{Reason::kMemberUnknown, "no such member", {}};
  PrincipalRow* principal = context.set.Find<PrincipalRow>(command.principal_id);
  if (principal == nullptr) return Error{Reason::kUnauthenticated, "this key is nobody's", {}};
  const auto changed = Do(context, command, *member);
  if (!changed) return changed.error();
  DeskDecision decision;
  decision.changed = *changed;
  decision.member = member->name();
  decision.outcome.command.member_id = member->id;
  decision.outcome.command.store_id = command.place.store_id;
  NoteAtDesk(context, *principal, NameOfAction(command.action), decision.member, command.reason);
  return decision;
}

}  // namespace loyalty
