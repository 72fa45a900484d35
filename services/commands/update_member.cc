#include "services/commands/update_member.h"

#include <algorithm>

#include "services/commands/identifiers.h"
#include "storage/names.h"

namespace loyalty {

using storage::MemberNameRow;
using storage::MemberProfileRow;
using storage::MemberRow;
using storage::MemberState;
using storage::PrincipalRow;

namespace {

std::string Joined(const std::vector<std::string>& paths) {
  std::string text;
  for (const auto& path : paths) text.append(text.empty() ? "" : " ").append(path);
  return text;
}

// Notes what became something else.
class Changes {
 public:
  explicit Changes(std::vector<std::string>& paths) : paths_(paths) {}

  bool Set(const char* path, const std::optional<std::string>& said, std::string& value) {
    if (!said || *said == value) return false;
    value = *said;
    paths_.emplace_back(path);
    return true;
  }

 private:
  std::vector<std::string>& paths_;
};

void Change(Context& context, const UpdateMember& command, MemberRow& member, MemberProfileRow& profile,
            std::vector<std::string>& paths) {
  Changes changes(paths);
  changes.Set("language_code", command.language, member.language);
  const Bytes& secret = SecretOf(context, member.id);
  Person person = OpenPerson(secret, profile.person).value_or(Person());
  const bool given = changes.Set("person.given_name", command.given_name, person.given_name);
  const bool family = changes.Set("person.family_name", command.family_name, person.family_name);
  const bool born = changes.Set("person.birth_date", command.birth_date, person.birth_date);
  changes.Set("person.greeting_name", command.greeting, member.greeting);
  if (born) member.birthday = BirthdayOf(person.birth_date);
  if (given || family || born) profile.person = SealPerson(secret, person);
}

}  // namespace

std::string EtagOf(const MemberProfileRow& profile) { return storage::PublicName(profile.update_time); }

void NeedsOf(const UpdateMember& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  needs.Root<PrincipalRow>(command.principal_id);
  needs.Name<MemberNameRow>(command.member_public_id);
  const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id);
  if (name == nullptr) return;
  NeedMember(name->id, set, rules, needs);
  needs.Below<MemberProfileRow>(name->id);
  NeedSecret(name->id, set, needs);
}

Subjects SubjectsOf(const UpdateMember& command, const WorkingSet& set) {
  const MemberNameRow* name = set.Find<MemberNameRow>(command.member_public_id);
  return name == nullptr ? Subjects() : Subjects{name->id};
}

Result<UpdateMemberDecision> Decide(Context& context, const UpdateMember& command) {
  const Subjects subjects = SubjectsOf(command, context.set);
  MemberRow* member = subjects.empty() ? nullptr : context.set.Find<MemberRow>(*subjects.begin());
  if (member == nullptr || member->state == MemberState::kMerged || member->state == MemberState::kErased)
    return Error{Reason::kMemberUnknown, "no such member", {}};
  const MemberProfileRow* known = context.set.Find<MemberProfileRow>(member->id);
  if (member->anonymous || known == nullptr)
    return Error{Reason::kMemberAnonymous, "nobody has been enrolled with this card: enrol the member", {}};
  MemberProfileRow profile = *known;
  if (!command.etag.empty() && command.etag != EtagOf(profile))
    return Error{
        Reason::kEtagMismatch, "somebody has changed the member since it was read", {{"field", "member.etag"}}};

  PrincipalRow* principal = context.set.Find<PrincipalRow>(command.principal_id);
  if (principal == nullptr) return Error{Reason::kUnauthenticated, "this key is nobody's", {}};
  UpdateMemberDecision decision;
  Change(context, command, *member, profile, decision.changed);
  if (!decision.changed.empty()) profile.update_time = std::max(context.rules.now, profile.update_time + 1);
  decision.etag = EtagOf(profile);
  decision.member = member->name();
  decision.outcome.command.member_id = member->id;
  NoteAtDesk(context, *principal, "member.update", decision.member, Joined(decision.changed));
  if (!decision.changed.empty()) context.set.Put(std::move(profile));
  return decision;
}

}  // namespace loyalty
