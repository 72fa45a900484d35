// The log of a member's points, the lots they lie in, and which entry took how much from which lot.
#pragma once

#include <tuple>

#include "domain/ledger.h"
#include "storage/table.h"

namespace loyalty::storage {

// Append-only, in the order of (member, seq); its seal chains it to the entry before.
struct EntryRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {member_id, entry.seq}; }
  static const Table<EntryRow>& table();

  std::int64_t member_id = 0;
  Entry entry;
};

// A lot whose points can be spent, or are held. Its key is the order in which lots burn. What is used up or has expired
// goes away: entries and allocations tell what there was.
struct OpenLotRow {
  using Key = std::tuple<std::int64_t, Instant, Instant, std::int64_t>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, terms.expire_time, terms.activate_time, lot_seq}; }
  static const Table<OpenLotRow>& table();

  std::int64_t member_id = 0;
  LotTerms terms;
  std::int64_t lot_seq = 0;
  Points remaining = 0;  // held ones included
  Points held = 0;
};

// A lot that waits for its activation.
struct PendingLotRow {
  using Key = std::tuple<std::int64_t, Instant, std::int64_t>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, terms.activate_time, lot_seq}; }
  static const Table<PendingLotRow>& table();

  std::int64_t member_id = 0;
  LotTerms terms;
  std::int64_t lot_seq = 0;
  Points remaining = 0;
};

struct AllocationRow {
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
  using Prefix = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {member_id, allocation.entry_seq, allocation.lot_seq}; }
  static const Table<AllocationRow>& table();

  std::int64_t member_id = 0;
  Allocation allocation;
};

}  // namespace loyalty::storage
