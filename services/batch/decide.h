// One command in a batch: answered again, or decided and written down.
#pragma once

#include <optional>

#include "services/commands/command.h"

namespace loyalty {

// What the command needs, and the books for its request.
void NeedsOfCommand(const Command& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOfCommand(const Command& command, const WorkingSet& set);

// Answers a command that is ready: as the first time when its request is known, else by a decision, which is written
// into the set together with its receipt or command and its request. A refusal leaves the set as it was, whatever the
// decision wrote before it refused - but for what it is to leave (NoteRefusal of its command: an alert); not so what it
// wrote by SQL (RunBatch). `books` false: the decision only (Quote).
Result<Answer> DecideCommand(Context& context, const Command& command, bool books);

}  // namespace loyalty
