// What somebody has to look at: limits that were passed.
#pragma once

#include <string>
#include <tuple>

#include "domain/limits.h"
#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number, and the numbers of loyalty.v1.AlertState: never renumber.
enum class AlertState : std::uint8_t { kOpen = 1, kResolved = 2 };

// One for each limit, day and member, or terminal, store, operator, that passed it. A member's hangs on the member's
// lock, the others on none: two servers that write one at once conflict by its key or its version, and one of them does
// it again.
struct AlertRow {
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string, int, Day>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, terminal_id, by_store_id, by_operator, limit, day}; }
  static const Table<AlertRow>& table();

  // Who passed it: one of these, the others are 0 or empty. An operator stands with its store.
  std::int64_t member_id = 0;
  std::int64_t terminal_id = 0;
  std::int64_t by_store_id = 0;
  std::string by_operator;
  int limit = 0;  // a number of domain/limits.h
  Day day = 0;
  std::int64_t id = 0;        // of the receipt or command that raised it first, or would have been one: names it
  std::int64_t place_id = 0;  // the terminal where it was passed last; 0: none
  std::int64_t store_id = 0;  // the store; 0: none
  Instant first_time = 0;
  Instant last_time = 0;
  std::int64_t count = 1;
  Bytes last_request;  // that was refused last, as requests are stored: the same again is not counted again
  AlertState state = AlertState::kOpen;
  std::int64_t resolved_by = 0;  // the principal; 0: nobody
  Instant resolve_time = 0;      // 0: never
  std::string note;
  std::int64_t version = 1;
  Bytes seal;
};

}  // namespace loyalty::storage
