// Checks a whole database after a test: what is stored must add up. Slow and plain on purpose: it shares no SQL and no
// arithmetic with the program's own verification, which it runs beside its own.
#pragma once

#include <string>

#include "domain/ledger.h"
#include "storage/session.h"

namespace loyalty::test {

// The first thing that does not add up; empty when everything does:
//   entries      seq from 1 without a gap, MACs valid up to the member's head, record times in order; what caused them
//                names them
//   members      balances are the sums of the entries, none negative, debt only without available points
//   lots         what entries and allocations leave of each is stored as open or pending, with its terms, and nothing
//                else is; sums are the balances; nothing falls due unnoticed
//   redemptions  burnt and given back as they say
//   receipts, commands, requests name each other; lines belong to receipts
//   days         those of the sales in the entries, once each; the summary is that of the days
//   moves        each begins where the one before has led, up to where the member stands
//   seals        blocks of ids without a hole; each counts what is recorded in it
// Then the program's own verification.
std::string LedgerFault(storage::Session& session, const ProgramKeys& keys);

}  // namespace loyalty::test
