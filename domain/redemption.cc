#include "domain/redemption.h"

#include <algorithm>

namespace loyalty {

bool MayBeReduced(const Line& line) {
  return line.kind == LineKind::kGoods && line.amount > 0 && !line.Is(kNoRedemption);
}

Minor DiscountableTotal(const Receipt& basket) {
  if (basket.lines.empty()) return std::max<Minor>(basket.total, 0);
  Minor total = 0;
  for (const Line& line : basket.lines)
    if (MayBeReduced(line) || (line.kind == LineKind::kGoods && line.amount < 0)) total += line.amount;
  return std::max<Minor>(std::min(total, basket.total), 0);
}

std::vector<TaxAllocation> SpreadOverLines(Minor amount, const std::vector<Line>& lines) {
  if (amount == 0) return {};
  std::vector<Minor> weights;
  weights.reserve(lines.size());
  for (const Line& line : lines) weights.push_back(MayBeReduced(line) ? line.amount : 0);
  const std::vector<Minor> shares = SpreadByLargestRemainder(amount, weights);
  std::vector<TaxAllocation> allocations;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (shares[i] > 0) allocations.push_back({lines[i].line_id, lines[i].tax_rate, shares[i]});
  return allocations;
}

Result<Price> PriceRedemption(const CatalogueVersion& catalogue, const Spend& spend, const Receipt* basket,
                              std::string_view program_currency) {
  Price price;
  if (!spend.reward_id.empty()) {
    const Reward* reward = catalogue.FindReward(spend.reward_id);
    if (reward == nullptr)
      return Error{Reason::kRewardUnknown,
                   "no such reward in the catalogue in force",
                   {{"reward", "rewards/" + spend.reward_id}}};
    price.points = reward->cost;
    price.value = reward->value;
  } else {
    if (!catalogue.burn) return Error{Reason::kBurnNotEnabled, "the catalogue gives points no money value", {}};
    if (spend.points < 1 || spend.points % catalogue.burn->points != 0)
      return Error{Reason::kPointsNotRedeemable,
                   "points must be a positive multiple of " + std::to_string(catalogue.burn->points),
                   {{"step", std::to_string(catalogue.burn->points)}}};
    price.points = spend.points;
    const auto value = MulDiv(spend.points, catalogue.burn->value, catalogue.burn->points, Rounding::kFloor);
    if (!value) return value.error();
    price.value = *value;
  }
  if (basket == nullptr) return price;
  if (basket->currency != program_currency)
    return InvalidField("receipt.currency_code", "a basket in another currency than the program's cannot be reduced");
  const Minor most = DiscountableTotal(*basket);
  if (price.value > most) {
    // A reward that is worth less here than elsewhere is cut; one that would be worth nothing is not sold.
    if (spend.reward_id.empty() || most == 0)
      return Error{Reason::kRedemptionExceedsBasket,
                   "this is worth more than what may be reduced on this basket",
                   {{"discountable_minor", std::to_string(most)}, {"value_minor", std::to_string(price.value)}}};
    price.value = most;
  }
  if (!basket->lines.empty()) price.allocations = SpreadOverLines(price.value, basket->lines);
  return price;
}

}  // namespace loyalty
