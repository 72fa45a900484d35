// What limits need to know of a member's day, and what a batch adds to it.
#pragma once

#include <string>
#include <vector>

#include "domain/limits.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

// --- sales: a business day ---

// What must be read before EarnedOn: nothing, where the limits count no day.
void NeedEarned(const Limits& limits, std::int64_t member_id, Day day, Needs& needs);
// What the member's receipts of the day have earned, those of this batch too. Nothing, where no limit asks.
EarnedOfDay EarnedOn(const WorkingSet& set, const Limits& limits, std::int64_t member_id, Day day);

// --- redemptions: a day of the program's zone, by the server's time ---

void NeedSpent(const Rules& rules, std::int64_t member_id, Needs& needs);
// What the member has spent today, by this batch too.
SpentOfDay SpentToday(WorkingSet& set, const Rules& rules, std::int64_t member_id);

// Whose day a redemption counts for beside the member's: its terminal, its store, who operates it.
struct Spender {
  Limit limit = Limit::kNone;
  std::int64_t id = 0;      // the terminal, else the store
  std::string operator_id;  // of a limit of operators, as redemptions have it
};
// Whom the limits ask for, in the order in which they are asked.
std::vector<Spender> SpendersOf(const Limits& limits, const Place& place, const std::string& operator_id);

void NeedSpentBy(const Rules& rules, const Spender& spender, Needs& needs);
// What counts for it today, with what this batch has spent and cancelled.
SpentUnder SpentByToday(const WorkingSet& set, const Rules& rules, const Spender& spender);

}  // namespace loyalty
