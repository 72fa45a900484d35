#include "retention/at_stake.h"

#include <gtest/gtest.h>

#include "retention/predict.h"

namespace loyalty::retention {
namespace {

constexpr Model kModel{.kind = ModelKind::kMbgCnbd, .k = 2, .r = 0.8, .alpha = 30, .a = 0.5, .b = 3};

TEST(ValueAtStake, IsWhatStayingWouldBringTimesTheChanceOfLeaving) {
  const History history{.repeats = 5, .recency_days = 100, .age_days = 160};
  const double alive = ProbabilityAlive(kModel, history);
  EXPECT_NEAR(ValueAtStake(kModel, history, 20, 0.3, 365),
              0.3 * 20 * ExpectedPurchases(kModel, history, 365) / alive * (1 - alive), 1e-12);
  EXPECT_EQ(ValueAtStake(kModel, history, 20, 0, 365), 0);
}

TEST(ValueAtStake, IsSmallForWhoWillStayAndFadesForWhoIsLongGone) {
  const auto value = [](double age) {
    return ValueAtStake(kModel, {.repeats = 5, .recency_days = 100, .age_days = age}, 20, 1, 365);
  };
  EXPECT_LT(value(100), value(160));
  EXPECT_LT(value(2'000), value(160)) << "what is believed of the rate fades";
  EXPECT_GE(ValueAtStake(kModel, {.repeats = 9'000, .recency_days = 9'500, .age_days = 10'957}, 20, 1, 365), 0);
}

TEST(ValueAtStake, WithoutAModelIsThatOfTheOwnRate) {
  EXPECT_DOUBLE_EQ(ValueAtStake({.repeats = 10, .recency_days = 90, .age_days = 100}, 20, 0.5, 50), 0.5 * 20 * 5);
}

}  // namespace
}  // namespace loyalty::retention
