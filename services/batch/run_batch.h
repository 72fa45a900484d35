// One batch of commands in one database transaction: the write path.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "domain/ledger.h"
#include "services/batch/command.h"
#include "services/snapshot.h"
#include "storage/ids.h"
#include "storage/session.h"

namespace loyalty {

// What a batch works with. Not thread safe: one for each lane.
struct BatchContext {
  storage::Session& session;
  storage::IdBlock& ids;
  const Snapshot& snapshot;
  const ChainKey& chain_key;
  std::int64_t chain_key_id = 1;
  Instant now = 0;
  std::function<std::int64_t()> random;  // 64 random bits: public names of members and redemptions
};

// What a command of the batch came to. Neither set: it must run again in a later batch, because what it names moved to
// a member whose purchases were not loaded.
struct BatchResult {
  std::optional<Result<Answer>> answer;
};

// Runs commands in arrival order in one transaction and commits. A refusal touches only its own command; later commands
// see what earlier ones did. The number of statements depends on the kinds of command, not on their count (a statement
// holds up to kChunkRows rows of a table).
// An AdminCommand, a StepCommand and a dry run must be alone in their batch. Throws storage::Failure, and then nothing
// took effect - save for kLost at COMMIT, where the outcome is unknown: running the same commands again finds out.
std::vector<BatchResult> RunBatch(BatchContext& context, const std::vector<const Command*>& commands);

}  // namespace loyalty
