#include "loyalty/v1/terminal_service.pb.h"
#include "services/commands/cancel_redemption.h"
#include "services/commands/redeem.h"

namespace loyalty {
ResultMessage ResultOf(const RedeemDecision& decision) {
  const auto result = std::make_shared<v1::RedeemResult>();
  result->set_redemption(RedemptionName(decision.member, decision.redemption_name));
  result->set_member("members/" + decision.member);
  result->set_points(decision.price.points);
  result->set_value_minor(decision.price.value);
  if (!decision.reward.empty()) result->set_reward("rewards/" + decision.reward);
  for (const TaxAllocation& share : decision.price.allocations) {
    v1::TaxAllocation& allocation = *result->add_allocations();
    allocation.set_line_id(share.line_id);
    allocation.set_rate_millionths(share.tax_rate);
    allocation.set_amount_minor(share.amount);
  }
  result->set_member_seq(decision.member_seq);
  result->set_catalogue_version(decision.catalogue_version);
  return result;
}

ResultMessage ResultOf(const CancelRedemptionDecision& decision) {
  const auto result = std::make_shared<v1::CancelRedemptionResult>();
  result->set_redemption(RedemptionName(decision.member, decision.redemption_name));
  result->set_points_restored(decision.restored.points);
  result->set_points_in_grace(decision.restored.in_grace);
  result->set_debt_settled(decision.restored.debt_settled);
  result->set_member_seq(decision.member_seq);
  return result;
}

}  // namespace loyalty
