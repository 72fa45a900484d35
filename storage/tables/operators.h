// Who operates tills, and their sessions.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class OperatorRole : std::uint8_t { kCashier = 1, kSupervisor = 2 };
enum class OperatorState : std::uint8_t { kActive = 1, kDisabled = 2 };

// What is a person's of it is the display name, which stands nowhere else.
struct OperatorRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<OperatorRow>& table();

  std::int64_t id = 0;  // 8 digits, drawn at random: its name
  std::int64_t store_id = 0;
  std::string display_name;
  OperatorRole role = OperatorRole::kCashier;
  OperatorState state = OperatorState::kActive;
  std::string pin;           // as HashPin made it
  int tries = 0;             // PINs that were looked at since the last right one, the one under way included
  Instant locked_until = 0;  // 0: not locked
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

// The last one of an operator at a terminal.
struct OperatorSessionRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {operator_id, terminal_id}; }
  static const Table<OperatorSessionRow>& table();

  std::int64_t operator_id = 0;
  std::int64_t terminal_id = 0;
  std::string hash;  // of its token
  Instant create_time = 0;
  Instant expire_time = 0;
  Instant end_time = 0;  // it was ended before; 0: it was not
  Bytes seal;
};

}  // namespace loyalty::storage
