// The load of the exactly-once test: what it sends, what it counts, what it finds wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/e2e/disturbance.h"
#include "tests/e2e/installation.h"
#include "tests/e2e/server.h"

namespace loyalty::test {

struct ExactlyOnceLoad {
  std::uint64_t seed = 0;
  int scans = 2'000;                      // distinct receipts, each under a request id of its own
  int copies_max = 6;                     // each is sent 1 to this many times
  int cards = 200;                        // about one receipt in eight has none
  int callers = 64;                       // threads
  int channels = 12;                      // connections; copies of a scan take different ones
  double seconds = 8;                     // over which the copies are spread, at least
  std::vector<Disturbance> disturbances;  // one about every second, in turn
  bool losses = true;                     // every second connection loses answers on their way, and breaks
  int contended_max = 100;                // how often a copy may be told ABORTED before it counts as not answered
  std::chrono::seconds patience{60};      // a copy that is not answered after this is given up
};

struct ExactlyOnceOutcome {
  // What happened.
  std::int64_t sends = 0;    // calls, retries included
  std::int64_t copies = 0;   // deliveries that were to be answered
  std::int64_t replays = 0;  // answers that said `replayed`
  std::int64_t changes = 0;  // to another server, because one said UNAVAILABLE
  std::int64_t lost = 0;     // answers of the first time that got lost: the first answer seen was a replay
  int disturbances = 0;
  int cuts = 0;  // pieces of answers that were lost with their connection
  double seconds = 0;
  // What is wrong; all 0 when each scan took effect exactly once.
  std::int64_t errors = 0;             // copies that were refused, or never answered
  std::int64_t forgotten = 0;          // scans that were answered before a disturbance and not stored afterwards
  std::int64_t different_answers = 0;  // answers whose result is not that of the first answer, byte for byte
  std::int64_t receipts_missing = 0;   // distinct receipts less receipts in the database; negative: too many
  std::int64_t wrong_balances = 0;     // cards whose balance is not what the reference says
  int verify_code = -1;                // of `loyaltyd verify`
  std::string first_error;

  bool exact() const {
    return errors == 0 && forgotten == 0 && different_answers == 0 && receipts_missing == 0 && wrong_balances == 0 &&
           verify_code == 0;
  }
  // One line for people.
  std::string Text() const;
};

// Sends all copies, shuffled, from all callers at once, each until it is answered or refused for good, to another of
// the servers when one does not answer; then compares database and reference. The servers must be set up with two
// terminals and stay up afterwards.
ExactlyOnceOutcome RunExactlyOnce(const Installation& installation, const std::vector<const Server*>& servers,
                                  const ExactlyOnceLoad& load);

// SIGKILL, and up again. Use them on the thread that made the server and the database.
Disturbance Killing(Server& server);
Disturbance Killing(MariaDb& database);

// The seed of a load: E2E_SEED, else a new one; printed.
std::uint64_t LoadSeed();
// E2E_SCANS, else `otherwise`: how many scans a run takes.
int LoadScans(int otherwise);

}  // namespace loyalty::test
