// Who has asked for what under which id, and what became of it.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// A request that took effect and is no receipt. Appended; kept for ever, with its answer.
struct CommandRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<CommandRow>& table();

  std::int64_t id = 0;
  int kind = 0;                // which command (kStoredAs in services/commands/command.h)
  std::int64_t member_id = 0;  // 0: none
  std::int64_t entry_seq = 0;  // the first entry that it wrote; 0: none
  std::int64_t entry_count = 0;
  std::int64_t principal_id = 0;
  std::string operator_id, approver;
  bool operator_proven = false;  // by a session; else the till's word
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  Bytes request_id, payload_hash, result;
  Instant create_time = 0;
  Bytes seal;
};

// The way from a request's id to the receipt or command that it became; a receipt that came under several ids has
// several. Answers stand there.
struct RequestRow {
  using Key = std::tuple<Bytes, std::int64_t>;  // in this order: ids of our clients ascend, those of a principal do not
  Key key() const { return {request_id, principal_id}; }
  static const Table<RequestRow>& table();

  Bytes request_id;
  std::int64_t principal_id = 0;
  std::int64_t receipt_id = 0;  // 0: a command
  std::int64_t command_id = 0;  // 0: a receipt
  Bytes payload_hash;
  Day day = 0;  // of the program's zone
};

// A request id as it is stored: a UUID in lower case as its 16 bytes, anything else as its text (and one of 16
// characters with a zero behind it).
Bytes PackRequestId(std::string_view text);
std::string UnpackRequestId(const Bytes& packed);

}  // namespace loyalty::storage
