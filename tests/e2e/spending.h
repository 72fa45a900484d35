// The load of the double-spending test on several servers: points come and are spent at the same moment, everywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/e2e/disturbance.h"
#include "tests/e2e/installation.h"
#include "tests/e2e/server.h"

namespace loyalty::test {

struct SpendingLoad {
  std::uint64_t seed = 0;
  int scans = 2'000;                      // each earns what one redemption costs
  int cards = 40;                         // that they are of, in random order
  int callers = 48;                       // threads
  double seconds = 20;                    // over which it is spread, at least
  std::vector<Disturbance> disturbances;  // one about every second, in turn
  std::chrono::seconds patience{300};     // a request that is not answered after this is given up
};

struct SpendingOutcome {
  std::int64_t sends = 0;    // calls, retries included
  std::int64_t changes = 0;  // to another server, because one said UNAVAILABLE
  std::int64_t replays = 0;  // answers that said `replayed`: an earlier answer was lost
  std::int64_t made = 0;     // redemptions that were answered OK
  std::int64_t refused = 0;  // that were told INSUFFICIENT_POINTS
  int disturbances = 0;
  double seconds = 0;
  // What is wrong; all 0 when each point was spent exactly once.
  std::int64_t errors = 0;               // requests with any other answer, or none
  std::int64_t receipts_missing = 0;     // scans less receipts in the database; negative: too many
  std::int64_t redemptions_missing = 0;  // answers OK less redemptions in the database; negative: too many
  std::int64_t wrong_cards = 0;          // whose balance is not what was earned less what was spent
  std::int64_t wrong_ends = 0;           // whose rest did not buy what it is worth, or bought more
  int verify_code = -1;                  // of `loyaltyd verify`
  std::string first_error;

  bool exact() const {
    return errors == 0 && receipts_missing == 0 && redemptions_missing == 0 && wrong_cards == 0 && wrong_ends == 0 &&
           verify_code == 0;
  }
  // One line for people.
  std::string Text() const;
};

// For each scan of a card two tills redeem from it, each at another server than the scan and at the same moment; who
// hears UNAVAILABLE sends the same request to the next server. Afterwards all that is left is spent, until nothing is.
// The servers must be set up with two terminals and stay up afterwards.
SpendingOutcome RunSpending(const Installation& installation, const std::vector<const Server*>& servers,
                            const SpendingLoad& load);

}  // namespace loyalty::test
