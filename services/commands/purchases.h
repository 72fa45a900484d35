// Purchase days of a member in a working set: which must be read for a receipt, and what it adds.
#pragma once

#include "domain/receipt.h"
#include "services/commands/context.h"

namespace loyalty {

// What must be read before a purchase on `day` is counted: nothing for a day that is as new as those in the member's
// row.
void NeedDay(const storage::MemberRow& member, Day day, const WorkingSet& set, Needs& needs);

// False when a sum would leave 64 bits: nothing may be counted then.
bool CanCount(const WorkingSet& set, const storage::MemberRow& member, Day day, const GoodsMoney& goods);

// Counts one sale receipt: the summary, and its day.
void CountPurchase(WorkingSet& set, storage::MemberRow& member, Day day, const GoodsMoney& goods);

}  // namespace loyalty
