#include "services/catalogue/catalogue_codec.h"

#include <gmock/gmock.h>

#include <functional>

namespace loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Catalogue Valid() {
  v1::Catalogue catalogue;
  catalogue.mutable_earning()->set_points(1);
  catalogue.mutable_earning()->set_per_amount_minor(100);
  catalogue.mutable_burn()->set_points(100);
  catalogue.mutable_burn()->set_value_minor(100);
  catalogue.mutable_burn()->set_approval_from_points(5'000);
  for (const char* name : {"rewards/tea", "rewards/coffee"}) {
    auto* reward = catalogue.add_rewards();
    reward->set_name(name);
    reward->set_display_name("A cup");
    reward->set_cost_points(50);
  }
  return catalogue;
}

TEST(ToCatalogueVersion, ReadsEveryField) {
  v1::Catalogue proto = Valid();
  auto* rule = proto.mutable_earning();
  rule->set_rounding(v1::ROUNDING_MODE_HALF_EVEN);
  rule->set_basis(v1::EARN_BASIS_NET);
  rule->add_excluded_category_ids("tobacco");
  rule->add_excluded_category_ids("books");
  rule->add_included_line_kinds(v1::LINE_KIND_FEE);
  rule->add_excluded_line_kinds(v1::LINE_KIND_GOODS);
  rule->set_activation_delay_days(14);
  rule->set_validity_days(365);
  proto.mutable_retention()->set_calibration_error_max_basis_points(0);
  proto.mutable_burn()->set_code_from_points(0);
  proto.mutable_limits()->set_points_per_receipt(0);
  proto.mutable_limits()->set_earning_receipts_per_member_day(1);
  proto.mutable_limits()->set_points_per_member_day(2);
  proto.mutable_limits()->set_redemptions_per_member_day(3);
  proto.mutable_limits()->set_redeemed_points_per_member_day(4);
  proto.mutable_limits()->set_redeemed_points_per_terminal_day(5);
  proto.mutable_limits()->set_lookups_per_terminal_minute(6);
  proto.mutable_limits()->set_redeemed_points_per_store_day(7);
  proto.mutable_limits()->set_redeemed_points_per_operator_day(8);
  const auto version = ToCatalogueVersion(proto, 3, 7);
  ASSERT_TRUE(version);
  EXPECT_EQ(version->retention.calibration_error_max, 0) << "a limit of its own, not a missing one";
  EXPECT_EQ(version->retention.total_bias_max, 2'500) << "the default";
  EXPECT_EQ(version->version, 3);
  EXPECT_EQ(version->effective_time, 7);
  EXPECT_EQ(version->earning->rounding, Rounding::kHalfEven);
  EXPECT_TRUE(version->earning->net);
  EXPECT_THAT(version->earning->excluded_categories, ElementsAre("books", "tobacco"));
  EXPECT_EQ(version->earning->earning_kinds, 1U << static_cast<unsigned>(LineKind::kFee));
  EXPECT_EQ(version->earning->activation_delay_days, 14);
  EXPECT_EQ(version->earning->validity_days, 365);
  EXPECT_EQ(version->burn->value, 100);
  EXPECT_EQ(version->burn->approval_from, 5'000);
  EXPECT_EQ(version->burn->code_from, 0) << "never, not the default";
  EXPECT_EQ(version->limits.points_per_receipt, 0) << "no limit, not the default";
  EXPECT_EQ(version->limits.earning_receipts_per_member_day, 1);
  EXPECT_EQ(version->limits.points_per_member_day, 2);
  EXPECT_EQ(version->limits.redemptions_per_member_day, 3);
  EXPECT_EQ(version->limits.redeemed_points_per_member_day, 4);
  EXPECT_EQ(version->limits.redeemed_points_per_terminal_day, 5);
  EXPECT_EQ(version->limits.lookups_per_terminal_minute, 6);
  EXPECT_EQ(version->limits.redeemed_points_per_store_day, 7);
  EXPECT_EQ(version->limits.redeemed_points_per_operator_day, 8);
  ASSERT_EQ(version->rewards.size(), 2);
  EXPECT_EQ(version->rewards[0].id, "coffee");
  EXPECT_NE(version->FindReward("tea"), nullptr);
}

TEST(ToCatalogueVersion, AnEmptyCatalogueIsOne) {
  const auto version = ToCatalogueVersion({}, 1, 0);
  ASSERT_TRUE(version);
  EXPECT_FALSE(version->earning);
  EXPECT_FALSE(version->burn);
  EXPECT_EQ(version->retention.calibration_error_max, 500);
  EXPECT_EQ(version->retention.total_bias_max, 2'500);
  EXPECT_EQ(version->limits.points_per_receipt, 100'000);
  EXPECT_EQ(version->limits.earning_receipts_per_member_day, 0);
  EXPECT_EQ(version->limits.lookups_per_terminal_minute, 30);
  EXPECT_EQ(ToCatalogueVersion(Valid(), 1, 0)->burn->code_from, 500);
}

TEST(ToCatalogueVersion, NamesTheFirstFieldThatBreaksItsRule) {
  struct Case {
    const char* field;
    std::function<void(v1::Catalogue&)> spoil;
  };
  const std::vector<Case> cases{
      {"catalogue.earning.points", [](auto& c) { c.mutable_earning()->set_points(0); }},
      {"catalogue.earning.points", [](auto& c) { c.mutable_earning()->set_points(1'000'001); }},
      {"catalogue.earning.per_amount_minor", [](auto& c) { c.mutable_earning()->set_per_amount_minor(0); }},
      {"catalogue.earning.rounding",
       [](auto& c) { c.mutable_earning()->set_rounding(static_cast<v1::RoundingMode>(99)); }},
      {"catalogue.earning.basis", [](auto& c) { c.mutable_earning()->set_basis(static_cast<v1::EarnBasis>(99)); }},
      {"catalogue.earning.excluded_category_ids", [](auto& c) { c.mutable_earning()->add_excluded_category_ids(""); }},
      {"catalogue.earning.included_line_kinds",
       [](auto& c) { c.mutable_earning()->add_included_line_kinds(v1::LINE_KIND_UNSPECIFIED); }},
      {"catalogue.earning.excluded_line_kinds",
       [](auto& c) { c.mutable_earning()->add_excluded_line_kinds(v1::LINE_KIND_TIP); }},
      {"catalogue.earning.activation_delay_days", [](auto& c) { c.mutable_earning()->set_activation_delay_days(366); }},
      {"catalogue.earning.validity_months", [](auto& c) { c.mutable_earning()->set_validity_months(121); }},
      {"catalogue.earning.validity_days", [](auto& c) { c.mutable_earning()->set_validity_days(-1); }},
      {"catalogue.earning.validity_days",
       [](auto& c) {
         c.mutable_earning()->set_validity_months(1);
         c.mutable_earning()->set_validity_days(1);
       }},
      {"catalogue.burn.points", [](auto& c) { c.mutable_burn()->set_points(0); }},
      {"catalogue.burn.value_minor", [](auto& c) { c.mutable_burn()->set_value_minor(0); }},
      {"catalogue.burn.approval_from_points", [](auto& c) { c.mutable_burn()->set_approval_from_points(-1); }},
      {"catalogue.burn.approval_from_points",
       [](auto& c) { c.mutable_burn()->set_approval_from_points(1'000'000'001); }},
      {"catalogue.rewards[0].name", [](auto& c) { c.mutable_rewards(0)->set_name("tea"); }},
      {"catalogue.rewards[0].display_name", [](auto& c) { c.mutable_rewards(0)->clear_display_name(); }},
      {"catalogue.rewards[1].cost_points", [](auto& c) { c.mutable_rewards(1)->set_cost_points(0); }},
      {"catalogue.rewards[1].value_minor", [](auto& c) { c.mutable_rewards(1)->set_value_minor(-1); }},
      {"catalogue.rewards[1].name", [](auto& c) { c.mutable_rewards(1)->set_name("rewards/tea"); }},
      {"catalogue.retention.calibration_error_max_basis_points",
       [](auto& c) { c.mutable_retention()->set_calibration_error_max_basis_points(10'001); }},
      {"catalogue.retention.total_bias_max_basis_points",
       [](auto& c) { c.mutable_retention()->set_total_bias_max_basis_points(-1); }},
      {"catalogue.burn.code_from_points", [](auto& c) { c.mutable_burn()->set_code_from_points(-1); }},
      {"catalogue.burn.code_from_points", [](auto& c) { c.mutable_burn()->set_code_from_points(1'000'000'001); }},
      {"catalogue.limits.points_per_receipt", [](auto& c) { c.mutable_limits()->set_points_per_receipt(-1); }},
      {"catalogue.limits.points_per_receipt",
       [](auto& c) { c.mutable_limits()->set_points_per_receipt(1'000'000'001); }},
      {"catalogue.limits.earning_receipts_per_member_day",
       [](auto& c) { c.mutable_limits()->set_earning_receipts_per_member_day(100'001); }},
      {"catalogue.limits.points_per_member_day",
       [](auto& c) { c.mutable_limits()->set_points_per_member_day(1'000'000'001); }},
      {"catalogue.limits.redemptions_per_member_day",
       [](auto& c) { c.mutable_limits()->set_redemptions_per_member_day(-1); }},
      {"catalogue.limits.redeemed_points_per_member_day",
       [](auto& c) { c.mutable_limits()->set_redeemed_points_per_member_day(1'000'000'001); }},
      {"catalogue.limits.redeemed_points_per_terminal_day",
       [](auto& c) { c.mutable_limits()->set_redeemed_points_per_terminal_day(1'000'000'000'001); }},
      {"catalogue.limits.redeemed_points_per_store_day",
       [](auto& c) { c.mutable_limits()->set_redeemed_points_per_store_day(1'000'000'000'001); }},
      {"catalogue.limits.redeemed_points_per_operator_day",
       [](auto& c) { c.mutable_limits()->set_redeemed_points_per_operator_day(-1); }},
      {"catalogue.limits.lookups_per_terminal_minute",
       [](auto& c) { c.mutable_limits()->set_lookups_per_terminal_minute(100'001); }},
      {"catalogue.rewards",
       [](auto& c) {
         for (int i = 0; i < 1'000; ++i) c.add_rewards();
       }},
  };
  for (const Case& one : cases) {
    v1::Catalogue catalogue = Valid();
    one.spoil(catalogue);
    const auto version = ToCatalogueVersion(catalogue, 1, 0);
    ASSERT_FALSE(version) << one.field;
    EXPECT_EQ(version.error().metadata.at("field"), one.field);
  }
}

TEST(CanonicalCatalogue, DoesNotDependOnOrderDefaultsOrDoubles) {
  v1::Catalogue a = Valid();
  a.mutable_earning()->add_excluded_category_ids("x");
  a.mutable_earning()->add_excluded_category_ids("a");
  a.mutable_retention()->set_total_bias_max_basis_points(0);
  v1::Catalogue b = Valid();
  b.mutable_retention()->set_total_bias_max_basis_points(0);
  b.mutable_retention()->set_calibration_error_max_basis_points(500);
  b.mutable_rewards()->SwapElements(0, 1);
  b.mutable_earning()->set_rounding(v1::ROUNDING_MODE_FLOOR);
  b.mutable_earning()->set_basis(v1::EARN_BASIS_GROSS);
  for (const char* id : {"a", "x", "a"}) b.mutable_earning()->add_excluded_category_ids(id);
  EXPECT_EQ(CatalogueText(CanonicalCatalogue(a)), CatalogueText(CanonicalCatalogue(b)));
  EXPECT_THAT(DiffCatalogues(CanonicalCatalogue(a), CanonicalCatalogue(b)), IsEmpty());
}

TEST(CatalogueText, ReadsBackTheSame) {
  v1::Catalogue catalogue = CanonicalCatalogue(Valid());
  catalogue.mutable_rewards(0)->set_display_name("Kaffee: \"groß\" \\ 'heiß'");
  const auto read = ParseCatalogue(CatalogueText(catalogue));
  ASSERT_TRUE(read);
  EXPECT_EQ(CatalogueText(*read), CatalogueText(catalogue));
}

TEST(ParseCatalogue, RefusesAFieldItDoesNotKnow) { EXPECT_FALSE(ParseCatalogue(R"({"tiers":[]})")); }

std::vector<std::string> Lines(const std::vector<CatalogueDifference>& differences) {
  std::vector<std::string> lines;
  for (const auto& [field, change] : differences)
    lines.push_back(change.path() + ": " + change.before() + " -> " + change.after());
  return lines;
}

TEST(DiffCatalogues, HasOneItemForEachDifference) {
  const v1::Catalogue before = CanonicalCatalogue(Valid());
  v1::Catalogue after = before;
  after.mutable_earning()->set_points(2);
  after.mutable_earning()->set_activation_delay_days(14);
  after.mutable_earning()->add_excluded_category_ids("books");
  after.mutable_rewards(0)->set_cost_points(60);
  after.mutable_retention()->set_total_bias_max_basis_points(100);
  EXPECT_THAT(Lines(DiffCatalogues(before, after)),
              ElementsAre("earning.points: 1 -> 2", "earning.excluded_category_ids:  -> books",
                          "earning.activation_delay_days: 0 -> 14", "rewards/coffee.cost_points: 50 -> 60",
                          "retention.total_bias_max_basis_points:  -> 100"));
}

TEST(DiffCatalogues, WhatIsNewOrGoneShowsItsFields) {
  const v1::Catalogue before = CanonicalCatalogue(Valid());
  v1::Catalogue after = before;
  after.clear_burn();
  after.mutable_rewards()->RemoveLast();
  auto* cake = after.add_rewards();
  cake->set_name("rewards/cake");
  cake->set_display_name("Cake");
  cake->set_cost_points(5);
  EXPECT_THAT(Lines(DiffCatalogues(before, after)),
              ElementsAre("burn.points: 100 -> ", "burn.value_minor: 100 -> ", "burn.code_from_points: 500 -> ",
                          "burn.approval_from_points: 5000 -> ", "rewards/cake.display_name:  -> Cake",
                          "rewards/cake.cost_points:  -> 5", "rewards/tea.display_name: A cup -> ",
                          "rewards/tea.cost_points: 50 -> "));
}

}  // namespace
}  // namespace loyalty
