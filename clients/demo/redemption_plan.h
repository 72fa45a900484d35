// Who spends what in the demo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "domain/money.h"
#include "loyalty/v1/campaign_service.pb.h"

namespace loyalty::client {

// The demo's rules: 1 point for every unit of the currency, 100 points are one unit, two rewards, 12 months.
v1::Catalogue DemoCatalogue(int exponent);

inline constexpr Points kBurnStep = 100;
inline constexpr Points kCoffeePoints = 150;
inline constexpr Points kVoucherPoints = 450;

enum class Spend : std::uint8_t { kPoints, kPointsOnBasket, kCoffee, kVoucher };

struct PlannedRedemption {
  std::size_t member = 0;  // index into the balances
  Spend spend = Spend::kPoints;
  Points points = 0;  // what it costs
};

// Up to `count` redemptions that these balances can pay: in rounds over the members, so that they are spread, and in
// turn for money, on a basket, for each reward. Fewer when the points run out.
std::vector<PlannedRedemption> PlanRedemptions(std::vector<Points> balances, std::size_t count);

}  // namespace loyalty::client
