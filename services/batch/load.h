// Brings together what a batch of commands needs to know: names, then roots under lock, then what hangs on them.
#pragma once

#include <functional>
#include <vector>

#include "storage/needs.h"

namespace loyalty {

// Says what one command needs, as far as the set tells (NeedsOf).
using NeedsFunction = std::function<void(const storage::WorkingSet& set, storage::Needs& needs)>;

// Rounds of messages before and after the one that locks.
inline constexpr int kNameRoundsMax = 4;
inline constexpr int kRowRoundsMax = 4;

// What becomes of roots that somebody else holds: nobody does, on a snapshot, where nothing moves; they are left out,
// where the engine can; they are waited for, kLockWaitSeconds at most. SQLite has one writer.
enum class Locks : std::uint8_t { kNone, kTry, kWait };

// Reads the names that the commands give until no new one is asked for; locks all roots in one message, in the global
// order, with the names again and every read whose key is known by then; then reads what is still missing. What could
// not be had is left to IsReady: no lock is taken after the one message. False: roots were left out. Call inside a
// transaction. Throws storage::Failure.
bool Load(storage::Session& session, const std::vector<NeedsFunction>& commands, storage::WorkingSet& set, Locks locks);

// Whether all that a command needs is known, and its roots are held. `wanted` tells what it will make.
bool IsReady(const NeedsFunction& command, storage::WorkingSet& set, storage::Needs& wanted);

}  // namespace loyalty
