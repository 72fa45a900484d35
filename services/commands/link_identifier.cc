#include "services/commands/link_identifier.h"

#include "services/commands/identifiers.h"
#include "storage/guards.h"

namespace loyalty {

using storage::IdentifierRow;
using storage::MemberNameRow;
using storage::MemberRow;
using storage::MemberState;
using storage::PrincipalRow;

void NeedsOf(const LinkIdentifier& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  if (command.place.at_desk && command.principal_id != 0) needs.Root<PrincipalRow>(command.principal_id);
  needs.Name<MemberNameRow>(command.member_public_id);
  NeedOwner(command.identifier.key, set, rules, needs);
  const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id);
  if (name == nullptr) return;
  NeedMember(name->id, set, rules, needs);
  if (!IsOpen(command.identifier.kind)) NeedSecret(name->id, set, needs);
}

Subjects SubjectsOf(const LinkIdentifier& command, const WorkingSet& set) {
  const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id);
  return name == nullptr ? Subjects() : Subjects{name->id};
}

Result<LinkIdentifierDecision> Decide(Context& context, const LinkIdentifier& command) {
  const Subjects subjects = SubjectsOf(command, context.set);
  const MemberRow* member = subjects.empty() ? nullptr : context.set.Find<MemberRow>(*subjects.begin());
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return Error{Reason::kMemberUnknown, "no such member", {}};
  const IdentifierRow* known = context.set.Find<IdentifierRow>(command.identifier.key);
  const bool is_own = known != nullptr && known->member_id == member->id;
  if (const Status may = MayIdentify(context, command.place, *member); !may && !is_own) return may.error();
  if (known != nullptr && known->state == IdentifierState::kBlocked) return IdentifierBlocked();
  if (known != nullptr && !is_own && storage::TheGuards().link_owner) return IdentifierTaken();
  LinkIdentifierDecision decision;
  decision.linked = known == nullptr;
  if (decision.linked) AddIdentifier(context, command.identifier, member->id);
  decision.member = member->name();
  if (PrincipalRow* clerk = context.set.Find<PrincipalRow>(command.principal_id);
      clerk != nullptr && command.place.at_desk && decision.linked)
    NoteAtDesk(context, *clerk, "identifier.link", decision.member, "");
  decision.outcome.command.member_id = member->id;
  decision.outcome.command.store_id = command.place.store_id;
  decision.outcome.command.terminal_id = command.place.terminal_id;
  return decision;
}

}  // namespace loyalty
