// Whether a receipt is recorded already. A till that heard no answer sends its slip again, under another request id
// perhaps; a till whose numbering began again sends another slip under a number that is taken.
#pragma once

#include <cstdint>

#include "services/commands/context.h"

namespace loyalty {

struct Scan;

// What FindRecorded looks at. Of a scan with a receipt.
void NeedRecorded(const Scan& command, const WorkingSet& set, Needs& needs);

// The id of the receipt that this one is again: same number (or fiscal number), content and member, and the till's
// times at most kRepeatWithin apart; 0: it is a new one. Under a number of another day or epoch
// (ReceiptFacts::other_numbers) what differs is another receipt. Errors: kReceiptConflict, with both times and the
// `cause`: content, time, member (recorded without a card, now with one) or other_member.
Result<std::int64_t> FindRecorded(const Context& context, const Scan& command);

}  // namespace loyalty
