#include "services/batch/load.h"

#include "storage/guards.h"

namespace loyalty {

using storage::Exchange;
using storage::Needs;
using storage::Way;
using storage::WorkingSet;

namespace {

Needs Missing(const std::vector<NeedsFunction>& commands, WorkingSet& set) {
  Needs needs(Needs::Mode::kCollect, set);
  for (const NeedsFunction& command : commands) command(set, needs);
  return needs;
}

Way WayOf(Locks locks, const storage::Session& session) {
  if (locks == Locks::kNone) return Way::kSnapshot;
  return locks == Locks::kTry && session.skips_locks() ? Way::kTryLock : Way::kLock;
}

}  // namespace

bool Load(storage::Session& session, const std::vector<NeedsFunction>& commands, WorkingSet& set, Locks locks) {
  Exchange exchange(session);
  for (int round = 0; round < kNameRoundsMax; ++round) {
    Missing(commands, set).ReadNames(set, exchange);
    if (exchange.empty()) break;
    exchange.Run();
  }
  const Needs needs = Missing(commands, set);
  needs.ReadRoots(set, exchange, WayOf(locks, session));
  // Names move between the plain read and the lock. SQLite has one writer: nothing can move.
  if (locks != Locks::kNone && session.engine() != storage::Engine::kSqlite && storage::TheGuards().names_again)
    set.ReadNamesAgain(exchange);
  needs.ReadRows(set, exchange);
  exchange.Run();
  for (int round = 0; round < kRowRoundsMax; ++round) {
    Missing(commands, set).ReadRows(set, exchange);
    if (exchange.empty()) break;
    exchange.Run();
  }
  return needs.Held(set);
}

bool IsReady(const NeedsFunction& command, WorkingSet& set, Needs& wanted) {
  command(set, wanted);
  return wanted.complete();
}

}  // namespace loyalty
