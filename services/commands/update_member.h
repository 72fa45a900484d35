// Language and personal data of an enrolled member, changed by who may correct them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/person.h"
#include "services/commands/context.h"

namespace loyalty {

struct UpdateMember {
  std::int64_t principal_id = 0;  // whose audit it stands in
  std::int64_t member_public_id = 0;
  // What is to become something else; nothing: it stays. An empty text takes away what was there.
  std::optional<std::string> language, given_name, family_name, greeting, birth_date;
  std::string etag;  // empty: whatever was there
};

struct UpdateMemberDecision {
  Outcome outcome;
  std::string member;                // public name
  std::vector<std::string> changed;  // paths
  std::string etag;
};

// Changes whenever what UpdateMember can change does. It tells nothing of the person.
std::string EtagOf(const storage::MemberProfileRow& profile);

void NeedsOf(const UpdateMember& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const UpdateMember& command, const WorkingSet& set);
// Errors in the order of MemberService.UpdateMember.
Result<UpdateMemberDecision> Decide(Context& context, const UpdateMember& command);
ResultMessage ResultOf(const UpdateMemberDecision& decision);

}  // namespace loyalty
