// What of a receipt must not change under way, computed once, at admission: when it counts, and by which numbers it is
// known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/receipt.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

// A slip that is sent again has the till's time that it had first; tills that read their clock anew are still near it.
inline constexpr Instant kRepeatWithin = 10 * kMinute;

// A till that is closed late, over a long weekend or in another time zone; beyond that the date is a mistake, and the
// member's purchase days would be wrong for good.
inline constexpr int kBusinessDateDaysMax = 7;

struct ReceiptFacts {
  Instant till_time = 0;      // as the till says
  Instant business_time = 0;  // when it counts: by the till's clock, by the server's where that one is not believed
  bool clock_off = false;     // the till's clock is not believed
  Day business_date = 0;
  storage::ReceiptNumber number;
  // Numbers under which the same slip may have been recorded: of another day or epoch, where that is a matter of
  // minutes.
  std::vector<storage::ReceiptNumber> other_numbers;
  std::string fiscal_key;           // empty: none
  Bytes content_hash;               // stored as Keyed
  std::optional<GoodsMoney> goods;  // what purchase statistics count
  // Of each payment, in their order: the redemption that it names, 0: none. Empty when no payment names one.
  std::vector<std::int64_t> redemptions;
};

// `now`: of the server. The clock of a till that is out of range (CheckBusinessTime) is not believed, and the date that
// it gives only within kBusinessDateDaysMax of the server's.
ReceiptFacts FactsOf(const Receipt& receipt, const Place& place, const std::string& program_currency,
                     const ProgramKeys& keys, Instant now);

// Whether date and time of a till whose clock is believed fit. Errors: kInvalidArgument.
Status CheckBusinessDate(const Receipt& receipt, const ReceiptFacts& facts);

}  // namespace loyalty
