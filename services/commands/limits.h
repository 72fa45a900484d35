// What limits need to know of a member's day, and what a batch adds to it.
#pragma once

#include "domain/limits.h"
#include "services/commands/context.h"

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

void NeedTerminalSpent(const Rules& rules, std::int64_t terminal_id, Needs& needs);
Points TerminalSpentToday(WorkingSet& set, const Rules& rules, std::int64_t terminal_id);

}  // namespace loyalty
