// One identifier more for a member.
#pragma once

#include <string>

#include "domain/identifier.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

struct LinkIdentifier {
  std::int64_t member_public_id = 0;
  Identifier identifier;
  Place place;
  std::int64_t principal_id = 0;  // whose audit tells what is linked at the desk; 0: nobody's
};

struct LinkIdentifierDecision {
  Outcome outcome;
  std::string member;  // public name
  bool linked = false;
};

void NeedsOf(const LinkIdentifier& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const LinkIdentifier& command, const WorkingSet& set);
// Errors in the order of MemberService.LinkIdentifier.
Result<LinkIdentifierDecision> Decide(Context& context, const LinkIdentifier& command);
ResultMessage ResultOf(const LinkIdentifierDecision& decision);

}  // namespace loyalty
