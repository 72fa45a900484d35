// A member that is somebody, by its identifiers; an anonymous card becomes one with its history.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/identifier.h"
#include "domain/person.h"
#include "services/commands/context.h"
#include "services/commands/operators.h"
#include "services/commands/place.h"

namespace loyalty {

struct EnrollMember {
  Place place;
  std::vector<Identifier> identifiers;
  std::optional<Person> person;
  std::string greeting_name;  // with a person; empty: the given name
  std::string language;       // empty: what is known, else the program's
  storage::AcquisitionRow acquisition;
  AtTill at_till;
};

struct EnrollMemberDecision {
  Outcome outcome;
  std::string member;  // public name
  bool created = false;
};

void NeedsOf(const EnrollMember& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const EnrollMember& command, const WorkingSet& set);
// Errors in the order of MemberService.EnrollMember.
Result<EnrollMemberDecision> Decide(Context& context, const EnrollMember& command);
ResultMessage ResultOf(const EnrollMemberDecision& decision);

}  // namespace loyalty
