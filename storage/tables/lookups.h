// How many phone numbers and e-mail addresses callers have looked up: what servers tell each other.
#pragma once

#include <string>
#include <tuple>

#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// Look-ups of a principal at one server within one slot of time (Lookups::kSlot). Of the last minutes only: nothing
// follows from a row that is gone, and none needs a seal.
struct LookupCountRow {
  using Key = std::tuple<Instant, std::int64_t, std::string>;
  Key key() const { return {slot_time, principal_id, server}; }
  static const Table<LookupCountRow>& table();

  Instant slot_time = 0;  // when it begins
  std::int64_t principal_id = 0;
  std::string server;  // a name that it drew when it started
  std::int64_t lookups = 0;
};

}  // namespace loyalty::storage
