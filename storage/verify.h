// The proof that the caches agree with the ledger and the receipts. Reads only, in chunks of members, each on one
// snapshot, so that it may run beside a working server; memory does not grow with the number of members.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "domain/ledger.h"
#include "storage/session.h"

namespace loyalty::storage {

struct VerifyReport {
  std::int64_t members = 0;
  std::int64_t entries = 0;
  std::int64_t lots = 0;
  std::int64_t receipts = 0;
  std::string first_difference;  // table, key and how it differs; empty: everything agrees
  bool interrupted = false;      // `progress` said stop
};

// Called after each chunk; false stops.
using VerifyProgress = std::function<bool(const VerifyReport& so_far)>;

// Checks all members, or the one with this id, up to the first difference:
//   entries      seq without a gap, MAC chain up to the member's head
//   members      each balance is the sum of its entries, none is negative, debt only without available points,
//                next_due_time is not later than what falls due first
//   lots         what remains is what was there less what was taken; their sums are the balances
//   allocations  add up to the entry that made them and name a lot that exists
//   redemptions  burnt what they say; cancelled ones gave it back
//   receipts     every entry's receipt is the member's, no receipt earned twice, no request recorded two
//   member_day, member_statistics  recomputed from the receipts
// Throws Failure.
VerifyReport VerifyLedger(Session& session, const ChainKey& key, std::optional<std::int64_t> only,
                          const VerifyProgress& progress);

// Checks member_day and member_statistics alone, in the same way; counts members and their receipts. Throws Failure.
VerifyReport VerifyStatistics(Session& session, std::optional<std::int64_t> only, const VerifyProgress& progress);

}  // namespace loyalty::storage
