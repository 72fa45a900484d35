// That somebody reads what is known of a member. Nothing is decided, but it is in the log before the answer leaves.
#pragma once

#include <string>

#include "services/commands/context.h"

namespace loyalty {

struct NoteRead {
  std::int64_t principal_id = 0;
  std::int64_t member_id = 0;
  std::string method;  // in full
};

struct NoteReadDecision {
  Outcome outcome;
};

void NeedsOf(const NoteRead& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const NoteRead& command, const WorkingSet& set);
// Errors: kUnauthenticated (there is no such principal any more).
Result<NoteReadDecision> Decide(Context& context, const NoteRead& command);
ResultMessage ResultOf(const NoteReadDecision& decision);

}  // namespace loyalty
