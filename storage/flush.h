// Writes of a batch: each row once, in its final state, one statement for each kind of row.
#pragma once

#include "domain/ledger.h"
#include "storage/session.h"
#include "storage/working_set.h"

namespace loyalty::storage {

// Seals the chains and writes everything that is new or changed, in the global order members, receipts, redemptions,
// then what hangs on them, requests last. Call once, inside the transaction that loaded the set. Throws Failure;
// kConflict when a member's or redemption's row no longer has the version that was read.
void Flush(Session& session, WorkingSet& set, const ChainKey& key, std::int64_t key_id);

}  // namespace loyalty::storage
