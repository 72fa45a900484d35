// The proof that nothing was changed behind our back, and that the caches agree with the ledger. Reads only, in parts
// that each lie on one snapshot, so that it may run beside a working server; memory does not grow with what it reads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "storage/seal.h"
#include "storage/session.h"

namespace loyalty::storage {

struct VerifyReport {
  std::int64_t members = 0;
  std::int64_t entries = 0;
  std::int64_t lots = 0;
  std::int64_t receipts = 0;
  std::int64_t commands = 0;
  std::string first_difference;  // table, key and how it differs; empty: everything agrees
  bool interrupted = false;      // `progress` said stop
  ProgramSeal seal;              // of what was checked; only when everything was
};

// Called after each part; false stops.
using VerifyProgress = std::function<bool(const VerifyReport& so_far)>;

// Checks everything, or the member with this id, up to the first difference:
//   seals        blocks of ids without a hole; rows, last id and head are those of the receipts and commands
//   receipts, commands   each seal, lines included; the entries that each names are there, and name it; its request too
//   requests     each names a receipt or command that exists
//   members      each seal; each balance is the sum of its entries, none is negative, debt only without available
//                points; next_due_time is not later than what falls due first
//   entries      seq without a gap, record_time never falling, seals chained up to the member's head, each caused by a
//                row that says so
//   open_lots, pending_lots, allocations   what the entries leave of each lot, by terms and points
//   redemptions  each seal; burnt what they say; cancelled ones gave it back; used by a receipt of their member
//   purchase days and statistics   recomputed from the sales in the entries
//   lifecycle_transitions          each seal; as many as are counted, up to where the member stands
//   identifiers, stores, terminals, principals, access_keys, enrollment_codes, catalogue_versions, audit, read_log,
//   alerts       each seal
//   operators, operator_sessions   each seal; each operator that audit tells of is there
//   terminal_epochs   each seal; one for each time that a numbering began again
// With `since`, a SEAL of before, also that nothing it covers is gone or was changed. Throws Failure.
VerifyReport VerifyLedger(Session& session, const ProgramKeys& keys, std::optional<std::int64_t> only,
                          const std::optional<ProgramSeal>& since, const VerifyProgress& progress);

// Members and receipts: how much there is to check, for whoever shows progress. Throws Failure.
std::int64_t RowsToVerify(Session& session);

// Checks purchase days and statistics alone, in the same way; counts members and their receipts. Throws Failure.
VerifyReport VerifyStatistics(Session& session, const ProgramKeys& keys, std::optional<std::int64_t> only,
                              const VerifyProgress& progress);

}  // namespace loyalty::storage
