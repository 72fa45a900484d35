// Runs batches whatever the database does: conflicts, lost connections, culprits.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "services/batch/run_batch.h"

namespace loyalty {

// A command and who waits for it.
struct PendingCommand {
  Command command;
  Done done;                                     // empty: it has been answered
  std::shared_ptr<const WorkingSet> names = {};  // that a router has read for it; may be empty
  Instant aside_since = 0;                       // somebody else holds what it needs; 0: not that we know
};

// Answers a command, unless that has been done. What the callback throws is nobody's but its own: it goes to the log.
void Tell(PendingCommand& pending, Result<Answer> answer);

// After so many conflicts a batch is halved; a single command is then given up with kContention.
inline constexpr int kConflictsMax = 2;
inline constexpr int kConflictsAloneMax = 8;
// Connections tried anew for one batch before its callers are told kUnavailable.
inline constexpr int kReconnectsMax = 3;
// Batches that a command waits for because what it names moves, or because one before it does.
inline constexpr int kWaitsMax = 64;
// Batches that leave out what somebody else holds, before one waits for it: most locks are held for milliseconds.
inline constexpr int kTriesMax = 2;
// Lock waits after which a command that runs alone is given up with kContention.
inline constexpr int kLockWaitsAloneMax = 2;

// What recovery needs besides the commands. Not thread safe: one for each lane.
struct RecoveryContext {
  storage::Session& session;
  storage::IdBlock& ids;
  const ProgramKeys& keys;
  std::function<std::int64_t()> random;
  std::function<Instant()> clock;
  // Waits between tries: the argument is the number of failures so far. Injected, so that tests do not sleep.
  std::function<void(int)> pause;
  // What a try is judged by, asked for each: after a long wait for the database the old one may price no more.
  // Errors: kCatalogueStale.
  std::function<Result<std::shared_ptr<const Snapshot>>()> snapshot;
  std::function<void(std::size_t)> on_batch;                      // may be empty
  std::function<void(const storage::Failure&)> on_failure = {};   // lost or full, which no caller is to blame for
  std::function<void(const storage::Failure&)> on_conflict = {};  // each, also those that pass the next time
  std::chrono::milliseconds renew_after = storage::kRenewAfter;   // a session that rested so long is opened anew
};

// Runs the commands as one batch and answers each exactly once, never before its COMMIT.
//   held          the others of the batch go on; twice more without them; then one wait of kLockWaitSeconds at
//                 most; who still lacks its rows is not answered and returned, with `aside_since` set: for a later
//                 batch, in which nobody waits for it again. So whoever holds a row costs a lane a second, once. Not
//                 for a command that runs alone: kContention
//   conflict      again with jitter; then in halves, down to one; then kContention, or kInternal where a key is taken
//                 that no look-up finds: that can never pass
//   lost          reconnect and run again: the stored requests tell what took effect; then kUnavailable
//   anything else one by one at once, so that only the culprit fails, with kInternal (disk full: kUnavailable)
[[nodiscard]] std::vector<PendingCommand*> RunRecovering(RecoveryContext& context,
                                                         std::vector<PendingCommand*> commands);

}  // namespace loyalty
