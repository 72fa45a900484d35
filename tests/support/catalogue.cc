#include "tests/support/catalogue.h"

#include "loyalty/v1/campaign_service.pb.h"
#include "services/catalogue/catalogue_codec.h"

namespace loyalty::test {

std::string CatalogueContent(const CatalogueOptions& options) {
  v1::Catalogue catalogue;
  catalogue.mutable_earning()->set_points(options.points);
  catalogue.mutable_earning()->set_per_amount_minor(options.per_amount_minor);
  if (options.net) catalogue.mutable_earning()->set_basis(v1::EARN_BASIS_NET);
  catalogue.mutable_earning()->set_activation_delay_days(options.activation_delay_days);
  catalogue.mutable_earning()->set_validity_days(options.validity_days);
  catalogue.mutable_earning()->set_validity_months(options.validity_months);
  catalogue.mutable_earning()->add_excluded_category_ids("tobacco");
  catalogue.mutable_burn()->set_points(options.burn_step);
  catalogue.mutable_burn()->set_value_minor(options.burn_step);
  catalogue.mutable_burn()->set_approval_from_points(options.approval_from_points);
  catalogue.mutable_burn()->set_code_from_points(options.code_from);
  v1::Limits& limits = *catalogue.mutable_limits();
  limits.set_points_per_receipt(options.points_per_receipt);
  limits.set_earning_receipts_per_member_day(static_cast<int>(options.receipts_per_day));
  limits.set_points_per_member_day(options.points_per_day);
  limits.set_redemptions_per_member_day(static_cast<int>(options.redemptions_per_day));
  limits.set_redeemed_points_per_member_day(options.redeemed_per_day);
  limits.set_redeemed_points_per_terminal_day(options.redeemed_per_terminal_day);
  limits.set_redeemed_points_per_store_day(options.redeemed_per_store_day);
  limits.set_redeemed_points_per_operator_day(options.redeemed_per_operator_day);
  v1::Reward& coffee = *catalogue.add_rewards();
  coffee.set_name("rewards/coffee");
  coffee.set_display_name("Kaffee");
  coffee.set_cost_points(50);
  coffee.set_value_minor(250);
  return CatalogueText(CanonicalCatalogue(catalogue));
}

}  // namespace loyalty::test
