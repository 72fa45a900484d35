#include "domain/redemption.h"

#include <algorithm>
#include <numeric>

namespace loyalty {
namespace {

bool IsDiscountable(const Line& line) {
  return line.kind == LineKind::kGoods && line.amount > 0 && !line.Is(kNoRedemption);
}

}  // namespace

Minor DiscountableTotal(const Receipt& basket) {
  if (basket.lines.empty()) return std::max<Minor>(basket.total, 0);
  Minor total = 0;
  for (const Line& line : basket.lines)
    if (IsDiscountable(line) || (line.kind == LineKind::kGoods && line.amount < 0)) total += line.amount;
  return std::max<Minor>(std::min(total, basket.total), 0);
}

std::vector<TaxAllocation> SpreadOverLines(Minor amount, const std::vector<Line>& lines) {
  struct Share {
    const Line* line;
    Minor amount;
    __int128 remainder;
  };
  std::vector<Share> shares;
  Minor total = 0;
  for (const Line& line : lines)
    if (IsDiscountable(line)) total += line.amount;
  if (amount == 0 || total == 0) return {};
  Minor spread = 0;
  for (const Line& line : lines) {
    if (!IsDiscountable(line)) continue;
    const __int128 product = static_cast<__int128>(amount) * line.amount;
    shares.push_back({&line, static_cast<Minor>(product / total), product % total});
    spread += shares.back().amount;
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&shares](std::size_t a, std::size_t b) { return shares[a].remainder > shares[b].remainder; });
  for (std::size_t i = 0; spread < amount; ++i, ++spread) ++shares[order[i]].amount;
  std::vector<TaxAllocation> allocations;
  for (const Share& share : shares)
    if (share.amount > 0) allocations.push_back({share.line->line_id, share.line->tax_rate, share.amount});
  return allocations;
}

Result<Price> PriceRedemption(const CatalogueVersion& catalogue, const Spend& spend, const Receipt* basket,
                              std::string_view program_currency) {
  Price price;
  if (!spend.reward_id.empty()) {
    const Reward* reward = catalogue.FindReward(spend.reward_id);
    if (reward == nullptr)
      return Error{Reason::kRewardUnknown, "no such reward in the catalogue in force", {{"reward", spend.reward_id}}};
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
  price.allocations = SpreadOverLines(price.value, basket->lines);
  return price;
}

}  // namespace loyalty
