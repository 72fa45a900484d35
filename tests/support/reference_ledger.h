// A second ledger, written to be obviously right and slow: each point is a coin of its own, and every question replays
// the whole history from its beginning. It shares no idea of entries, allocations or due times with domain/ledger.
#pragma once

#include <cstddef>
#include <vector>

#include "domain/ledger.h"

namespace loyalty::test {

class ReferenceLedger {
 public:
  // Rules to break on purpose: a comparison that does not notice proves nothing.
  struct Faults {
    bool debt_waits = false;      // what becomes available does not settle debt
    bool oldest_first = false;    // burns by age, not by expiry
    bool restore_renews = false;  // points given back live as long as grace points do
  };

  ReferenceLedger() = default;
  explicit ReferenceLedger(const Faults& faults) : faults_(faults) {}

  // What happened, in order of time. Coins earned become available at `activate`, and are gone at `expire`.
  void Earn(Instant now, int coins, Instant activate, Instant expire);
  // Returns the number of the burn. As many coins must be available.
  std::size_t Burn(Instant now, int coins);
  void Restore(Instant now, std::size_t burn, Instant grace_expire);
  void OpenDebt(Instant now, int coins);

  // What is known at an instant, not before the last event.
  struct State {
    Balances balance;
    std::vector<Points> remaining;  // by lot, in the order in which the lots came to be
  };
  State At(Instant now) const;

 private:
  enum class Kind { kEarn, kBurn, kRestore, kOpenDebt };
  struct Event {
    Kind kind;
    Instant at;
    int coins;
    Instant activate;
    Instant expire;
    std::size_t burn;
  };
  class World;

  Faults faults_;
  std::vector<Event> history_;
  std::size_t burns_ = 0;
};

}  // namespace loyalty::test
