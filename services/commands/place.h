// Where a command comes from, resolved by the RPC adapter from the snapshot.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "services/catalogue/snapshot.h"

namespace loyalty {

struct Place {
  std::int64_t store_id = 0;                  // 0: none (a key that is bound to no store)
  std::int64_t terminal_id = 0;               // 0: none
  int epoch = 0;                              // the newest of the terminal
  std::vector<EpochStart> epochs;             // by epoch; empty: its numbering never began again
  absl::TimeZone zone = absl::UTCTimeZone();  // the store's, else the program's
  int day_cut_minutes = 0;
  bool is_admin = false;       // may name past times
  bool any_store = false;      // bound to no store
  bool needs_session = false;  // a terminal whose store wants an operator to have signed on
  bool at_desk = false;        // a clerk or an admin: may change who a member is (SERVICE_DESK_NEEDED else)
  bool at_till = false;        // a terminal's key: what a customer shows must prove who spends
};

}  // namespace loyalty
