#include "domain/limits.h"

#include <gtest/gtest.h>

#include <set>

namespace loyalty {
namespace {

TEST(Limits, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Limit limit : kAllLimits) {
    EXPECT_TRUE(names.insert(NameOfLimit(limit)).second);
    EXPECT_EQ(LimitOf(NameOfLimit(limit)), limit);
  }
  EXPECT_EQ(LimitOf("points_per_moon"), Limit::kNone);
}

TEST(Limits, ASalePassesTheFirstInTheOrderOfTheFields) {
  struct Case {
    const char* what;
    Limits limits;
    EarnedOfDay before;
    Points points;
    Limit passed;
  };
  Limits all;
  all.points_per_receipt = 100;
  all.earning_receipts_per_member_day = 10;
  all.points_per_member_day = 500;
  Limits none;
  none.points_per_receipt = 0;
  const Case cases[] = {
      {"as much as it may", all, {}, 100, Limit::kNone},
      {"a point more", all, {}, 101, Limit::kPointsPerReceipt},
      {"the tenth", all, {9, 9}, 1, Limit::kNone},
      {"the eleventh", all, {10, 10}, 1, Limit::kEarningReceiptsPerMemberDay},
      {"the eleventh earns nothing by itself", all, {10, 10}, 0, Limit::kNone},
      {"up to the day's points", all, {5, 450}, 50, Limit::kNone},
      {"beyond them: nothing, not the rest", all, {5, 450}, 51, Limit::kPointsPerMemberDay},
      {"several: the first", all, {10, 500}, 101, Limit::kPointsPerReceipt},
      {"no limits", none, {1'000'000, kPointsMax}, kPointsMax, Limit::kNone},
      {"by default a receipt is bounded", {}, {1'000'000, kPointsMax}, 100'001, Limit::kPointsPerReceipt},
      {"and a day is not", {}, {1'000'000, kPointsMax}, 100'000, Limit::kNone},
  };
  for (const Case& one : cases) EXPECT_EQ(PassedBySale(one.limits, one.before, one.points), one.passed) << one.what;
}

TEST(Limits, ARedemptionToo) {
  Limits limits;
  limits.redemptions_per_member_day = 3;
  limits.redeemed_points_per_member_day = 1'000;
  limits.redeemed_points_per_terminal_day = 5'000;
  limits.redeemed_points_per_store_day = 9'000;
  limits.redeemed_points_per_operator_day = 2'000;
  const auto others = [](Points at_terminal, Points in_store, Points by_operator) {
    return std::vector<SpentUnder>{{Limit::kRedeemedPointsPerTerminalDay, at_terminal},
                                   {Limit::kRedeemedPointsPerStoreDay, in_store},
                                   {Limit::kRedeemedPointsPerOperatorDay, by_operator}};
  };
  EXPECT_EQ(PassedByRedemption(limits, {2, 900}, others(4'900, 8'900, 1'900), 100), Limit::kNone);
  EXPECT_EQ(PassedByRedemption(limits, {3, 0}, {}, 1), Limit::kRedemptionsPerMemberDay);
  EXPECT_EQ(PassedByRedemption(limits, {2, 901}, others(4'901, 0, 0), 100), Limit::kRedeemedPointsPerMemberDay);
  EXPECT_EQ(PassedByRedemption(limits, {2, 900}, others(4'901, 8'901, 0), 100), Limit::kRedeemedPointsPerTerminalDay);
  EXPECT_EQ(PassedByRedemption(limits, {2, 900}, others(0, 8'901, 1'901), 100), Limit::kRedeemedPointsPerStoreDay);
  EXPECT_EQ(PassedByRedemption(limits, {2, 900}, others(0, 0, 1'901), 100), Limit::kRedeemedPointsPerOperatorDay);
  EXPECT_EQ(PassedByRedemption(limits, {2, 900}, {}, 100), Limit::kNone) << "nowhere, by nobody";
  EXPECT_EQ(PassedByRedemption({}, {1'000'000, kPointsMax}, others(kPointsMax, kPointsMax, kPointsMax), 100),
            Limit::kNone)
      << "none by default";
}

TEST(Limits, AnAlertOfSpendingIsOneOfRedemptionsWhomeverTheLimitCounts) {
  for (const Limit limit : kAllLimits)
    EXPECT_EQ(KindOf(limit) == AlertKind::kRedemption, NameOfLimit(limit).starts_with("rede")) << NameOfLimit(limit);
}

TEST(Proof, APrintedNumberIsGoodForTheFirstPointsOfADayAndAPhoneNumberForNone) {
  for (const auto kind : {IdentifierKind::kCard, IdentifierKind::kExternal}) {
    EXPECT_TRUE(Proves(kind, 500, 0, 500));
    EXPECT_FALSE(Proves(kind, 500, 0, 501));
    EXPECT_TRUE(Proves(kind, 500, 400, 100));
    EXPECT_FALSE(Proves(kind, 500, 401, 100));
    EXPECT_FALSE(Proves(kind, 0, 0, 1));
  }
  for (const auto kind : {IdentifierKind::kPhone, IdentifierKind::kEmail})
    EXPECT_FALSE(Proves(kind, 1'000'000'000, 0, 1));
  EXPECT_TRUE(Proves(IdentifierKind::kToken, 0, 0, 1'000'000));
}

}  // namespace
}  // namespace loyalty
