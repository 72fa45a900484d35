// What of a receipt was paid with points, line by line.
#pragma once

#include <vector>

#include "domain/receipt.h"
#include "domain/redemption.h"

namespace loyalty {

// Of each payment of a receipt, in their order: how the redemption that it names was spread over its basket. May be
// shorter; empty where the payment names none that is known, or one that was not spread.
using RedemptionShares = std::vector<std::vector<TaxAllocation>>;

// Money of each line that points have paid, in the order of the lines; one number for a receipt without lines; empty
// when no points have paid. A payment falls on lines as its redemption was spread. What is not told so (no shares, a
// line that is not on the receipt or at another tax rate, more paid than shared) falls on what may be reduced, and what
// finds no room there on all other lines, by largest remainder over what is left of each. Payments whose redemption is
// known come first; no line takes more than its amount with tax.
std::vector<Minor> PaidWithPoints(const Receipt& receipt, const RedemptionShares& shares = {});

}  // namespace loyalty
