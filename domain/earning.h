// What a receipt earns by the base rule, and how long the points live.
#pragma once

#include <vector>

#include "domain/catalogue.h"
#include "domain/ledger.h"
#include "domain/receipt.h"

namespace loyalty {

// Points and the amount they were computed from.
struct Earned {
  Points points = 0;
  Minor basis = 0;
};

// Points of a receipt, rounded once. Lines earn when their kind does and no category of theirs is excluded; what was
// paid with points of such a line earns nothing (`paid_with_points`: as PaidWithPoints tells); net amounts are rounded
// half to even once per tax rate, and so is what points have paid of a line that states its tax. A receipt without
// lines earns on its total (as goods, gross, no category); a foreign currency, a return and a negative basis earn
// nothing. Errors: kOverflow (more than kPointsMax points).
Result<Earned> EarnedBy(const Receipt& receipt, const std::vector<Minor>& paid_with_points, const EarningRule& rule,
                        std::string_view program_currency);

// The same where nothing is known of the redemptions that have paid.
Result<Earned> EarnedBy(const Receipt& receipt, const EarningRule& rule, std::string_view program_currency);

// Activation and expiry of points earned at business_time and recorded at record_time. Both count from
// max(business_time, record_time - 40 days): an old receipt does not bring points that are about to expire. Without a
// delay they are active at once, however far the till's clock is ahead. The points live to the end of their last day in
// the program's zone, never less than one day after record_time and after their activation.
LotTerms LifeOf(const EarningRule& rule, Instant business_time, Instant record_time,
                const absl::TimeZone& program_zone);

// Tills may report sales this late.
inline constexpr Instant kLateMax = 40 * kDayLength;
// And no import reaches further back: 1900-01-01, the first date that the API takes.
inline constexpr Instant kFirstTime = -2'208'988'800 * kSecond;
// Tills' clocks may be this far ahead.
inline constexpr Instant kAheadMax = 5 * kMinute;
// Days that points live which are given back after their expiry.
inline constexpr int kGraceDays = 30;

}  // namespace loyalty
