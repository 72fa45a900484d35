// Reads of one member's ledger. Plain reads: whoever needs several that agree opens a ReadTransaction around them.
#pragma once

#include <vector>

#include "domain/ledger.h"
#include "storage/session.h"

namespace loyalty::storage {

// Brings `account`, as stored, to `now`: loads the lots that have fallen due and settles them in memory, so that a read
// is right although nobody has written it yet. Afterwards account.lots holds these lots in their state as of now.
// Throws Failure, like all below.
void SettleForRead(Session& session, std::int64_t member_id, Account& account, Instant now);

// Entries with seq below `before_seq`, newest first, at most `limit`.
std::vector<Entry> ReadEntries(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit);

// Where a page of lots begins: after this lot in burn order.
struct LotPosition {
  Instant expire_time = -1;
  Instant activate_time = -1;
  std::int64_t seq = 0;
};

// Lots as stored, in burn order, at most `limit`. `open_only`: pending and active ones.
std::vector<Lot> ReadLots(Session& session, std::int64_t member_id, const LotPosition& after, bool open_only,
                          int limit);

// Points that expire together.
struct ExpiringPoints {
  Instant expire_time = 0;
  Points points = 0;
};

// The next dates on which spendable points of lots that are stored as active expire, after `now`, at most `limit`.
std::vector<ExpiringPoints> ReadExpiring(Session& session, std::int64_t member_id, Instant now, int limit);

}  // namespace loyalty::storage
