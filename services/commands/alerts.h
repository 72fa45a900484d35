// Raising alerts: one for each limit, day and member, or terminal, store or operator, whose count goes up.
#pragma once

#include <string>

#include "domain/limits.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

// Which limit was passed, by whom and on which day.
struct Passed {
  Limit limit = Limit::kNone;
  std::int64_t member_id = 0;
  std::int64_t terminal_id = 0;  // where; of a limit of terminals also who
  std::int64_t store_id = 0;     // where; 0: in none; of a limit of stores or operators also who
  Day day = 0;
  std::string operator_id;  // who, of a limit of operators
};

// What must be read before it can be raised.
void NeedAlert(const Passed& passed, Needs& needs);

// Raises it, or counts it once more; one that was resolved is open again. `request`: the id of a request that was
// refused, as it is stored; the one that was counted last is not counted again. Empty: of a sale, which is recorded
// once.
void RaiseAlert(Context& context, const Passed& passed, const Bytes& request);

}  // namespace loyalty
