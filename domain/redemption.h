// What points buy, and how the money is spread over a basket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/catalogue.h"
#include "domain/receipt.h"

namespace loyalty {

// What a customer wants to spend: points for their money value, or a reward.
struct Spend {
  Points points = 0;      // when reward is empty
  std::string reward_id;  // may be empty
};

// Share of a redemption on one line.
struct TaxAllocation {
  std::string line_id;
  int tax_rate = 0;  // millionths
  Minor amount = 0;
};

// What a redemption costs and brings.
struct Price {
  Points points = 0;
  Minor value = 0;
  std::vector<TaxAllocation> allocations;  // empty without lines
};

// Prices a redemption. A reward larger than the basket is cut to it; points larger than the basket are refused, because
// the rest would be lost. Errors, in this order: kRewardUnknown, kBurnNotEnabled, kPointsNotRedeemable (not a positive
// multiple of the burn step), kOverflow, kInvalidArgument (a basket in another currency), kRedemptionExceedsBasket.
Result<Price> PriceRedemption(const CatalogueVersion& catalogue, const Spend& spend, const Receipt* basket,
                              std::string_view program_currency);

// Spreads `amount` over lines in proportion to their amounts by largest remainder (ties: the earlier line), exact to
// the minor unit. Only what may be reduced takes part. 0 <= amount <= DiscountableTotal.
std::vector<TaxAllocation> SpreadOverLines(Minor amount, const std::vector<Line>& lines);

// Goods with a positive amount, unless their flags say otherwise.
bool MayBeReduced(const Line& line);

// What a redemption may take off a basket at most: what its lines allow, and never more than its total, whatever they
// add up to. Without lines: its total.
Minor DiscountableTotal(const Receipt& basket);

}  // namespace loyalty
