#include "clients/demo/redemption_plan.h"

namespace loyalty::client {
namespace {

PlannedRedemption Plan(std::size_t member, Points balance, std::size_t turn) {
  switch (turn % 4) {
    case 0:
      if (balance >= kVoucherPoints) return {member, Spend::kVoucher, kVoucherPoints};
      break;
    case 1:
      if (balance >= kCoffeePoints) return {member, Spend::kCoffee, kCoffeePoints};
      break;
    case 2: return {member, Spend::kPointsOnBasket, kBurnStep};
    default: break;
  }
  return {member, Spend::kPoints, kBurnStep};
}

}  // namespace

v1::Catalogue DemoCatalogue(int exponent) {
  std::int64_t unit = 1;
  for (int i = 0; i < exponent; ++i) unit *= 10;
  v1::Catalogue catalogue;
  auto& earning = *catalogue.mutable_earning();
  earning.set_points(1);
  earning.set_per_amount_minor(unit);
  earning.set_rounding(v1::ROUNDING_MODE_FLOOR);
  earning.set_basis(v1::EARN_BASIS_GROSS);
  earning.set_validity_months(12);
  catalogue.mutable_burn()->set_points(kBurnStep);
  catalogue.mutable_burn()->set_value_minor(unit);
  auto& coffee = *catalogue.add_rewards();
  coffee.set_name("rewards/coffee");
  coffee.set_display_name("A coffee");
  coffee.set_cost_points(kCoffeePoints);
  auto& voucher = *catalogue.add_rewards();
  voucher.set_name("rewards/five-off");
  voucher.set_display_name("5 off your basket");
  voucher.set_cost_points(kVoucherPoints);
  voucher.set_value_minor(5 * unit);
  return catalogue;
}

std::vector<PlannedRedemption> PlanRedemptions(std::vector<Points> balances, std::size_t count) {
  std::vector<PlannedRedemption> plan;
  for (bool any = true; any && plan.size() < count;) {
    any = false;
    for (std::size_t member = 0; member < balances.size() && plan.size() < count; ++member) {
      if (balances[member] < kBurnStep) continue;
      plan.push_back(Plan(member, balances[member], plan.size()));
      balances[member] -= plan.back().points;
      any = true;
    }
  }
  return plan;
}

}  // namespace loyalty::client
