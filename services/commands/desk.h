// What the service desk does to who a member is: undoes a link, blocks a card or a member, replaces a card. In the
// audit of whoever asks.
#pragma once

#include <optional>
#include <string>

#include "domain/identifier.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

struct Desk {
  enum class Action : std::uint8_t { kUnlink, kBlock, kReplace, kBlockMember, kUnblockMember };

  Action action = Action::kBlock;
  std::int64_t principal_id = 0;
  std::int64_t member_public_id = 0;
  std::optional<Identifier> identifier;   // of the first three
  std::optional<Identifier> replacement;  // kReplace: a card
  std::string reason;
  Place place;
};

struct DeskDecision {
  Outcome outcome;
  std::string member;  // public name
  bool changed = false;
};

void NeedsOf(const Desk& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const Desk& command, const WorkingSet& set);
// Errors in the order of the methods of MemberService.
Result<DeskDecision> Decide(Context& context, const Desk& command);
ResultMessage ResultOf(const DeskDecision& decision);

}  // namespace loyalty
