#include "retention/clv.h"

#include <gtest/gtest.h>

#include "retention/heuristic.h"
#include "retention/predict.h"

namespace loyalty::retention {
namespace {

constexpr Model kBuyers{.kind = ModelKind::kMbgNbd, .r = 0.8, .alpha = 40, .a = 0.9, .b = 3.0};
constexpr History kCustomer{.repeats = 5, .recency_days = 100, .age_days = 120};

TEST(CustomerLifetimeValue, WithoutDiscountIsSpendTimesPurchases) {
  const ClvTerms terms{.periods = 12, .period_days = 30, .discount = 0, .margin = 0.25};
  EXPECT_NEAR(CustomerLifetimeValue(kBuyers, kCustomer, 40, terms),
              0.25 * 40 * ExpectedPurchases(kBuyers, kCustomer, 360), 1e-9);
}

TEST(CustomerLifetimeValue, LaterPeriodsCountLess) {
  const ClvTerms two{.periods = 2, .period_days = 30, .discount = 0.1};
  const double first = ExpectedPurchases(kBuyers, kCustomer, 30);
  const double both = ExpectedPurchases(kBuyers, kCustomer, 60);
  EXPECT_NEAR(CustomerLifetimeValue(kBuyers, kCustomer, 40, two), 40 * (first / 1.1 + (both - first) / 1.21), 1e-9);
}

TEST(CustomerLifetimeValue, IsNeverNegative) {
  const History gone{.repeats = 400, .recency_days = 400, .age_days = 4'000};
  EXPECT_GE(CustomerLifetimeValue(kBuyers, gone, 40, {}), 0);
  EXPECT_EQ(CustomerLifetimeValue(kBuyers, kCustomer, 0, {}), 0);
  EXPECT_EQ(CustomerLifetimeValue(kBuyers, kCustomer, 40, {.periods = 0}), 0);
}

TEST(Heuristic, OverdueRatioIsInOwnGapsWhereThereAreAny) {
  EXPECT_DOUBLE_EQ(OverdueRatio(kCustomer, 99), 1);
  EXPECT_DOUBLE_EQ(OverdueRatio({.age_days = 120}, 40), 3);
}

TEST(Heuristic, OwnRateOfTheFirstDayIsNone) {
  EXPECT_DOUBLE_EQ(OwnRatePurchases(kCustomer, 240), 10);
  EXPECT_EQ(OwnRatePurchases({}, 240), 0);
}

}  // namespace
}  // namespace loyalty::retention
