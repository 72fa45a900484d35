#include "services/commands/enroll_member.h"

#include <algorithm>

#include "services/commands/identifiers.h"
#include "services/commands/lifecycle.h"

namespace loyalty {
namespace {

using storage::IdentifierRow;
using storage::MemberProfileRow;
using storage::MemberRow;
using storage::MemberState;

// Who gave a name, a phone number or an e-mail address is somebody, whose account nobody else can enrol.
bool StaysAnonymous(const EnrollMember& command) {
  return !command.person && std::none_of(command.identifiers.begin(), command.identifiers.end(), [](const auto& id) {
    return id.kind == IdentifierKind::kPhone || id.kind == IdentifierKind::kEmail;
  });
}

bool HasSecrets(const EnrollMember& command) {
  return command.person || std::any_of(command.identifiers.begin(), command.identifiers.end(),
                                       [](const auto& id) { return !IsOpen(id.kind); });
}

// An account that is enrolled again, with a card that was there, keeps what it knew where nothing is said.
void Keep(const std::string& said, std::string& known) {
  if (!said.empty()) known = said;
}
void KeepAcquisition(const storage::AcquisitionRow& said, storage::AcquisitionRow& known) {
  Keep(said.channel, known.channel);
  Keep(said.campaign, known.campaign);
  Keep(said.partner, known.partner);
  Keep(said.referral, known.referral);
  Keep(said.touchpoint, known.touchpoint);
}

void WriteProfile(Context& context, const EnrollMember& command, MemberRow& member) {
  MemberProfileRow profile;
  if (const MemberProfileRow* known = context.set.Find<MemberProfileRow>(member.id)) profile = *known;
  profile.member_id = member.id;
  KeepAcquisition(command.acquisition, profile.acquisition);
  profile.update_time = context.rules.now;
  if (command.person) {
    member.greeting = command.greeting_name.empty() ? command.person->given_name : command.greeting_name;
    member.birthday = BirthdayOf(command.person->birth_date);
    profile.person = SealPerson(SecretOf(context, member.id), *command.person);
  }
  context.set.Put(std::move(profile));
}

}  // namespace

void NeedsOf(const EnrollMember& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  NeedSession(command.at_till, needs);
  Subjects owners;
  for (const Identifier& identifier : command.identifiers) {
    NeedOwner(identifier.key, set, rules, needs);
    owners.merge(OwnerOf(identifier.key, set));
  }
  for (const std::int64_t id : owners) needs.Below<MemberProfileRow>(id);
  if (owners.empty()) {
    needs.NewId();
    needs.NewName();
    if (HasSecrets(command)) needs.NewSecret();
  } else if (HasSecrets(command)) {
    NeedSecret(*owners.begin(), set, needs);
  }
}

Subjects SubjectsOf(const EnrollMember& command, const WorkingSet& set) {
  Subjects owners;
  for (const Identifier& identifier : command.identifiers) owners.merge(OwnerOf(identifier.key, set));
  return owners;
}

Result<EnrollMemberDecision> Decide(Context& context, const EnrollMember& command) {
  WorkingSet& set = context.set;
  const auto operated = MayOperate(context, command.at_till);
  if (!operated) return operated.error();
  bool blocked = false;
  for (const Identifier& identifier : command.identifiers)
    if (const IdentifierRow* row = set.Find<IdentifierRow>(identifier.key))
      blocked = blocked || row->state == IdentifierState::kBlocked;
  // One anonymous member may be enrolled; two would have to be merged first.
  const Subjects owners = SubjectsOf(command, set);
  if (owners.size() > 1) return IdentifierTaken();
  MemberRow* member = owners.empty() ? nullptr : set.Find<MemberRow>(*owners.begin());
  if (!owners.empty() && (member == nullptr || !member->anonymous || member->state != MemberState::kActive))
    return IdentifierTaken();
  if (member != nullptr)
    if (const Status may = MayIdentify(context, command.place, *member); !may) return may.error();
  if (blocked) return IdentifierBlocked();

  EnrollMemberDecision decision;
  decision.created = member == nullptr;
  if (decision.created) {
    const std::string& language = command.language.empty() ? context.rules.snapshot.language : command.language;
    member = &AddMember(context, StaysAnonymous(command), language, command.place.store_id);
  } else {
    AdvanceLifecycle(set, context.rules, *member);
    member->anonymous = StaysAnonymous(command);
    Keep(command.language, member->language);
  }
  WriteProfile(context, command, *member);
  for (const Identifier& identifier : command.identifiers)
    if (set.Find<IdentifierRow>(identifier.key) == nullptr) AddIdentifier(context, identifier, member->id);
  ReclassifyLifecycle(set, context.rules, *member, retention::Cause::kManual, 0, false);
  decision.member = member->name();
  storage::CommandRow& row = decision.outcome.command;
  row.operator_id = operated->name;
  row.operator_proven = operated->proven;
  row.member_id = member->id;
  row.store_id = command.place.store_id;
  row.terminal_id = command.place.terminal_id;
  return decision;
}

}  // namespace loyalty
