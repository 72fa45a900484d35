// Reads of one member's ledger. Plain reads: whoever needs several that agree opens a ReadTransaction around them.
#pragma once

#include <string>
#include <vector>

#include "domain/ledger.h"
#include "storage/session.h"
#include "storage/tables/members.h"

namespace loyalty::storage {

// The member's account as of `now`: what has fallen due is settled in memory, so that a read is right although nobody
// has written it yet. Its lots are those that were due, in their state as of now; its seq is the stored one. Throws
// Failure, like all below.
Account AccountAsOf(Session& session, const MemberRow& member, Instant now);

// An entry, and who caused it as the receipt or command tells that it names.
struct EntryRecord {
  Entry entry;
  std::string request_id, operator_id;
  bool operator_proven = false;  // by a session; else the till's word
  std::int64_t terminal_id = 0;
};
// Which entries are wanted.
struct EntryFilter {
  std::int64_t types = -1;      // a bit for each type, 1 << number; all
  Instant start = 0;            // recorded from then on,
  Instant end = kNever;         // and before then
  std::int64_t receipt_id = 0;  // 0: of any, or of none
};
// Entries with seq below `before_seq`, newest first, at most `limit`.
std::vector<EntryRecord> ReadEntries(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit,
                                     const EntryFilter& filter = {});

// A lot as people see it.
struct LotRecord {
  Lot lot;
  Points points = 0;               // at the start
  std::int64_t restored_from = 0;  // 0: none
};

// Where a page of lots begins: after this lot in burn order.
struct LotPosition {
  Instant expire_time = -1;
  Instant activate_time = -1;
  std::int64_t seq = 0;
};
// Pending and active lots as stored, in burn order, at most `limit`.
std::vector<LotRecord> ReadOpenLots(Session& session, std::int64_t member_id, const LotPosition& after, int limit);
// All lots that the member ever had with seq below `before_seq`, newest first, at most `limit`. What is closed is told
// from the entries.
std::vector<LotRecord> ReadAllLots(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit);

// The next dates on which spendable points of lots that are stored as active expire, after `now`, at most `limit`.
std::vector<ExpiringPoints> ReadExpiring(Session& session, std::int64_t member_id, Instant now, int limit);

}  // namespace loyalty::storage
