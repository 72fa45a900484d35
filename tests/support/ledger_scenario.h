// Random lives of a member's ledger, and what must hold at every moment of them.
#pragma once

#include <rapidcheck.h>

#include <ostream>
#include <vector>

#include "domain/ledger.h"
#include "tests/support/reference_ledger.h"

namespace loyalty {

std::ostream& operator<<(std::ostream& os, const Balances& balance);
std::ostream& operator<<(std::ostream& os, const Entry& entry);

}  // namespace loyalty

namespace loyalty::test {

// One thing that happens. Every combination of numbers means something, so that a counterexample can shrink freely.
struct Step {
  enum class Kind { kEarn, kBurn, kRestore, kOpenDebt, kWait };
  Kind kind = Kind::kWait;
  int points = 1;
  int activate_in_days = 0;  // kEarn; 0: at once
  int live_days = 0;         // kEarn: after activation, 0: for ever
  int pick = 0;              // kRestore: which of the burns not yet restored
  int wait_days = 0;         // kWait
};
std::ostream& operator<<(std::ostream& os, const Step& step);

// Up to 30 steps. Instants are whole days apart, so that many things fall due at the same one.
rc::Gen<std::vector<Step>> AnyLife();

// A cause with every field set.
Cause CauseAt(Instant now);

// A ledger under test, beside it the reference that is told the same.
class Scenario {
 public:
  static constexpr Instant kStart = 1'767'225'600 * kSecond;  // 2026-01-01T00:00:00Z

  // Each point of the reference is `scale` points of the ledger.
  explicit Scenario(Points scale = 1, const ReferenceLedger::Faults& faults = {});

  // Does one step as the write path does: what is due is settled first.
  void Do(const Step& step);
  // Settles what is due after some days more.
  void Wait(Instant duration);

  // RC_ASSERTs that the ledger agrees with the reference.
  void CheckAgreement() const;

  Account account;
  Instant now = kStart;

 private:
  struct DoneBurn {
    std::int64_t seq;
    std::size_t number;
  };

  Points scale_;
  ReferenceLedger reference_;
  std::vector<DoneBurn> burns_;  // not restored yet
};

// RC_ASSERTs what holds after every command, whatever the ledger has been through. All entries and lots are loaded.
void CheckInvariants(const Account& account);

}  // namespace loyalty::test
