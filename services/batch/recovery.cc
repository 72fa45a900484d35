#include "services/batch/recovery.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::Failure;
using storage::FailureKind;

// None is left.
std::vector<PendingCommand*> AnswerAll(const std::vector<PendingCommand*>& commands, const Error& error) {
  for (PendingCommand* pending : commands) Tell(*pending, error);
  return {};
}

Error Contention() { return Error{Reason::kContention, "too much contention; send the same request again", {}}; }

Error Unavailable() {
  return Error{Reason::kUnavailable, "the database cannot be reached; send the same request again", {}};
}

// Somebody else's lock goes away. A key that is taken, by a row that no look-up finds, stays taken: whoever was told to
// send it again would do so for ever.
Error GivenUp(const Failure& failure) {
  if (failure.kind() != FailureKind::kDuplicate) return Contention();
  return Error{Reason::kInternal, std::string("it can never be written: ") + failure.what(), {}};
}

// Runs each part as a batch of its own. Returns those that were set aside.
std::vector<PendingCommand*> RunInParts(RecoveryContext& context, const std::vector<PendingCommand*>& commands,
                                        std::size_t part) {
  std::vector<PendingCommand*> aside;
  for (std::size_t from = 0; from < commands.size(); from += part) {
    const auto begin = commands.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = commands.begin() + static_cast<std::ptrdiff_t>(std::min(commands.size(), from + part));
    const auto left = RunRecovering(context, std::vector<PendingCommand*>(begin, end));
    aside.insert(aside.end(), left.begin(), left.end());
  }
  return aside;
}

std::vector<PendingCommand*> InHalves(RecoveryContext& context, const std::vector<PendingCommand*>& commands) {
  return RunInParts(context, commands, (commands.size() + 1) / 2);
}

std::vector<PendingCommand*> SetAside(const RecoveryContext& context, std::vector<PendingCommand*> commands) {
  const Instant now = context.clock();
  for (PendingCommand* pending : commands)
    if (pending->aside_since == 0) pending->aside_since = now;
  return commands;
}

// One try. Leaves the commands that wait for the next batch; true when that is because somebody holds their rows.
bool Try(RecoveryContext& context, const Snapshot& snapshot, Locks locks, std::vector<PendingCommand*>& commands) {
  BatchContext batch{context.session, context.ids, snapshot, context.keys, context.clock(), context.random, locks};
  std::vector<BatchCommand> plain;
  plain.reserve(commands.size());
  for (const PendingCommand* pending : commands) plain.push_back({&pending->command, pending->names.get()});
  BatchResults results = RunBatch(batch, plain);
  std::vector<PendingCommand*> waiting;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (results[i]) continue;
    commands[i]->names.reset();  // they have moved
    waiting.push_back(commands[i]);
  }
  if (waiting.size() < commands.size() && context.on_batch) context.on_batch(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i)
    if (results[i]) Tell(*commands[i], std::move(*results[i]));
  commands = std::move(waiting);
  return results.held && !commands.empty();
}

}  // namespace

void Tell(PendingCommand& pending, Result<Answer> answer) {
  if (!pending.done) return;
  if (!storage::TheGuards().callbacks) return pending.done(std::move(answer));
  const Done done = std::exchange(pending.done, nullptr);
  try {
    done(std::move(answer));
  } catch (const std::exception& error) {
    spdlog::error("an answer could not be given: {}", error.what());
  }
}

std::vector<PendingCommand*> RunRecovering(RecoveryContext& context, std::vector<PendingCommand*> commands) {
  const bool alone = !commands.empty() && commands.front()->command.runs_alone();
  int conflicts = 0;
  int losses = 0;
  int waits = 0;
  int tries = 0;
  int lock_waits = 0;
  while (!commands.empty()) {
    try {
      const auto snapshot = context.snapshot();
      if (!snapshot) return AnswerAll(commands, snapshot.error());
      context.session.RenewIfIdle(context.renew_after);
      const bool wait = alone || tries == kTriesMax;
      const std::size_t before = commands.size();
      if (Try(context, **snapshot, wait ? Locks::kWait : Locks::kTry, commands)) {
        const bool waited = std::any_of(commands.begin(), commands.end(),
                                        [](const PendingCommand* pending) { return pending->aside_since != 0; });
        if (waited) return SetAside(context, std::move(commands));
        ++tries;
        if (commands.size() == before) context.pause(tries);
      } else if (!commands.empty() && ++waits > kWaitsMax)
        return AnswerAll(commands,
                         Error{Reason::kContention, "the card moved again and again; send the same request again", {}});
    } catch (const Failure& failure) {
      switch (failure.kind()) {
        case FailureKind::kDuplicate:
          if (!storage::TheGuards().unique_retry)  // sabotage: what the retry prevents
            return AnswerAll(commands, Error{Reason::kRequestIdReused, "duplicate key", {}});
          [[fallthrough]];
        case FailureKind::kConflict:
          if (!storage::TheGuards().conflict_retry)
            return AnswerAll(commands, Error{Reason::kInsufficientPoints, "conflict", {}});
          if (context.on_conflict) context.on_conflict(failure);
          if (failure.is_lock_wait()) {
            // The same wait again would find the same.
            if (alone && ++lock_waits < kLockWaitsAloneMax) break;
            if (alone) return AnswerAll(commands, Contention());
            if (tries == kTriesMax || commands.size() == 1) return SetAside(context, std::move(commands));
            return InHalves(context, commands);  // a key that somebody is about to insert: whose?
          }
          // The block of ids may be what is in the way: another server has closed it.
          if (++conflicts == kConflictsMax) context.ids.Drop();
          for (PendingCommand* pending : commands) pending->names.reset();
          if (commands.size() > 1 && conflicts > kConflictsMax) return InHalves(context, commands);
          if (conflicts > kConflictsAloneMax) return AnswerAll(commands, GivenUp(failure));
          context.pause(conflicts);
          break;
        case FailureKind::kLost:
          context.ids.Drop();
          if (context.on_failure) context.on_failure(failure);
          if (!storage::TheGuards().lost_is_unknown)
            return AnswerAll(commands, Error{Reason::kInsufficientPoints, "lost", {}});
          if (++losses > kReconnectsMax) return AnswerAll(commands, Unavailable());
          context.pause(losses);
          try {
            context.session.Reconnect();
          } catch (const Failure&) {
            // The next try reconnects, or counts as lost again.
          }
          break;
        case FailureKind::kFull:
          if (context.on_failure) context.on_failure(failure);
          return AnswerAll(commands, Error{Reason::kUnavailable, "the database is full; nothing was written", {}});
        case FailureKind::kOther:
          if (commands.size() > 1) return RunInParts(context, commands, 1);
          return AnswerAll(commands, Error{Reason::kInternal, failure.what(), {}});
      }
    } catch (const std::exception&) {
      // A bug above storage: find the culprit as for any other failure.
      if (commands.size() > 1) return RunInParts(context, commands, 1);
      return AnswerAll(commands, Error{Reason::kInternal, "unexpected error", {}});
    }
  }
  return {};
}

}  // namespace loyalty
