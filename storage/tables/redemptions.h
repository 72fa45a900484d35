// What points were spent for.
#pragma once

#include <string>
#include <tuple>

#include "domain/ledger.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class RedemptionState : std::uint8_t { kRedeemed = 1, kCancelled = 2 };

struct RedemptionRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<RedemptionRow>& table();

  std::int64_t id = 0;
  std::int64_t member_id = 0;
  std::int64_t entry_seq = 0;  // of its burn
  RedemptionState state = RedemptionState::kRedeemed;
  Points points = 0;
  Minor value = 0;
  std::string reward;            // empty: points for their value
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  std::string operator_id;
  bool operator_proven = false;        // by a session; else the till's word
  std::string approver;                // empty: nobody
  std::int64_t command_id = 0;         // that made it
  std::int64_t cancel_command_id = 0;  // that cancelled it; 0: none
  std::string cancel_reason;
  std::int64_t receipt_id = 0;  // that used it; 0: none yet
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

// The money of a redemption on one line: a return gives back exactly this.
struct RedemptionShareRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  using Prefix = std::int64_t;
  Key key() const { return {redemption_id, share_no}; }
  static const Table<RedemptionShareRow>& table();

  std::int64_t redemption_id = 0;
  std::int64_t share_no = 0;  // from 1
  std::string line_id;
  int tax_rate = 0;  // millionths
  Minor amount = 0;
};

}  // namespace loyalty::storage
