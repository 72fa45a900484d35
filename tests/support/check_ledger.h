// Checks a whole database after a test: what is stored must add up. Slow and plain on purpose: it shares no SQL and no
// arithmetic with the program's own verification, which it runs beside its own.
#pragma once

#include <string>

#include "domain/ledger.h"
#include "storage/session.h"

namespace loyalty::test {

// The first thing that does not add up; empty when everything does:
//   entries    seq from 1 without a gap, MACs valid up to the member's head, every request of theirs answered
//   members    balances are the sums of the entries, none negative, debt only without available points
//   lots       points = remaining + taken + expired; states fit; sums are the balances; nothing falls due unnoticed
//   redemptions, receipts  burnt and given back as they say; answered requests; lines of receipts that exist
//   statistics are those of the purchase days
std::string LedgerFault(storage::Session& session, const ChainKey& key);

}  // namespace loyalty::test
