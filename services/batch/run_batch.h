// One batch of commands in one database transaction: the write path.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "services/batch/load.h"
#include "services/commands/command.h"
#include "storage/ids.h"
#include "storage/session.h"

namespace loyalty {

// What a batch works with. Not thread safe: one for each lane.
struct BatchContext {
  storage::Session& session;
  storage::IdBlock& ids;
  const Snapshot& snapshot;
  const ProgramKeys& keys;
  Instant now = 0;
  std::function<std::int64_t()> random;  // 64 random bits: public names of members, secrets
  Locks locks = Locks::kWait;            // what becomes of commands whose rows somebody else holds
};

// A command, and the names that a router has read for it: the lane need not read them first.
struct BatchCommand {
  const Command* command = nullptr;
  const WorkingSet* names = nullptr;
};

// What a command of the batch came to. Nothing: it waits for the next batch, because what it needs was not there - what
// it names moved, somebody else holds it (Locks::kTry), or a command before it that shares a name or a member with it
// waits.
using BatchResult = std::optional<Result<Answer>>;
struct BatchResults : std::vector<BatchResult> {
  using std::vector<BatchResult>::vector;
  bool held = false;  // somebody else held rows that were asked for
};

// Runs commands in arrival order in one transaction and commits. A refusal touches only its own command; later commands
// see what earlier ones did. The number of statements depends on the kinds of command, not on their count (a statement
// holds up to ChunkRows rows of a table).
// A command that runs alone must be alone in its batch (else kOther), and when it is refused nothing of the batch takes
// effect: it may have written by SQL. Throws storage::Failure, and then nothing took effect - save
// for kLost at COMMIT, where the outcome is unknown: running the same commands again finds out. kConflict when no
// command was ready, and that not because of who holds their rows.
BatchResults RunBatch(BatchContext& context, const std::vector<BatchCommand>& commands);

// What a command would come to, on a reading session: nothing is locked and nothing is written.
Result<Answer> DecideOnly(storage::Session& session, const Snapshot& snapshot, const ProgramKeys& keys, Instant now,
                          const Command& command);

// The names that a command gives, as far as nothing is known: what a router reads to choose a lane.
void NamesOf(const Command& command, const WorkingSet& set, const Rules& rules, Needs& needs);

}  // namespace loyalty
