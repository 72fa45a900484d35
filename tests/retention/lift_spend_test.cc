#include "retention/lift_spend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

constexpr double kSignificance = 0.05;

using Spend = std::vector<std::pair<std::int64_t, std::int64_t>>;  // before, during

SpendSums SumsOf(const Spend& members) {
  SpendSums sums;
  for (const auto& [before, during] : members) sums.Add(before, during);
  return sums;
}

SpendSums During(const std::vector<std::int64_t>& during) {
  SpendSums sums;
  for (const std::int64_t spend : during) sums.Add(0, spend);
  return sums;
}

// Cushny and Peebles 1905 by way of Student 1908, in tenths of an hour. Expected values: documentation of R's t.test,
// extra ~ group of `sleep`: t = -1.8608, df = 17.776, p = 0.07939, interval -3.3654832 to 0.2054832.
TEST(WelchTest, StudentsSleepData) {
  const auto result = WelchTest(During({7, -16, -2, -12, -1, 34, 37, 8, 0, 20}),
                                During({19, 8, 11, 1, -1, 44, 55, 16, 46, 34}), kSignificance);
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->difference, -15.8, 1e-12);
  EXPECT_NEAR(result->degrees_of_freedom, 17.776, 5e-4);
  EXPECT_NEAR(result->p_value, 0.07939, 5e-6);
  EXPECT_NEAR(result->interval.low, -33.654832, 5e-7);
  EXPECT_NEAR(result->interval.high, 2.054832, 5e-7);
}

TEST(WelchTest, NeedsTwoMembersInEachArm) {
  EXPECT_FALSE(WelchTest(During({1}), During({1, 2}), kSignificance));
  EXPECT_FALSE(WelchTest(During({1, 2}), During({}), kSignificance));
  EXPECT_FALSE(CupedTest(During({1, 2}), During({1}), kSignificance));
}

TEST(WelchTest, SpendThatDoesNotVaryIsCertain) {
  const auto same = WelchTest(During({5, 5, 5}), During({5, 5}), kSignificance);
  EXPECT_EQ(same->p_value, 1);
  const auto other = WelchTest(During({6, 6, 6}), During({5, 5}), kSignificance);
  EXPECT_EQ(other->p_value, 0);
  EXPECT_EQ(other->interval.low, 1);
  EXPECT_EQ(other->interval.high, 1);
}

TEST(SpendSums, SmallVarianceOfLargeAmountsIsExact) {
  // Differences of 1 minor unit at the limit: sums of squares in doubles would lose them.
  const std::int64_t large = SpendSums::kSpendMax - 2;
  const SpendSums sums = SumsOf({{large, -large}, {large + 1, -large - 1}, {large + 2, -large - 2}});
  EXPECT_EQ(sums.SquaresBefore(), 2);
  EXPECT_EQ(sums.SquaresDuring(), 2);
  EXPECT_EQ(sums.Products(), -2);
  EXPECT_EQ(sums.MeanBefore(), static_cast<double>(large + 1));
}

TEST(SpendSums, AmountsBeyondTheLimitCountAsTheLimit) {
  const SpendSums sums = SumsOf({{INT64_MAX, INT64_MIN}});
  EXPECT_EQ(sums.MeanBefore(), static_cast<double>(SpendSums::kSpendMax));
  EXPECT_EQ(sums.MeanDuring(), -static_cast<double>(SpendSums::kSpendMax));
  EXPECT_EQ(SpendSums().MeanDuring(), 0);
  EXPECT_EQ(SpendSums().SquaresDuring(), 0);
}

TEST(SpendSums, AreTheCentredSumsInAnyOrder) {
  test::Check(
      [] {
        const auto amount = rc::gen::inRange<std::int64_t>(-100'000, 1'000'000);
        auto members = *rc::gen::container<Spend>(rc::gen::pair(amount, amount));
        RC_PRE(!members.empty());
        const SpendSums sums = SumsOf(members);
        long double squares = 0;
        long double products = 0;
        for (const auto& [before, during] : members) {
          const long double off = during - static_cast<long double>(sums.MeanDuring());
          squares += off * off;
          products += off * (before - static_cast<long double>(sums.MeanBefore()));
        }
        RC_ASSERT(std::abs(static_cast<double>(squares) - sums.SquaresDuring()) <= 1e-9 * (1 + sums.SquaresDuring()));
        RC_ASSERT(std::abs(static_cast<double>(products) - sums.Products()) <=
                  1e-9 * (1 + std::sqrt(sums.SquaresDuring() * sums.SquaresBefore())));
        std::reverse(members.begin(), members.end());
        RC_ASSERT(SumsOf(members).SquaresDuring() == sums.SquaresDuring());
        RC_ASSERT(SumsOf(members).Products() == sums.Products());
      },
      5);
}

TEST(CupedTest, SpendThatThePastForetellsIsTakenOff) {
  // Everybody spends as before, the treated 7 more: without CUPED the differences between members hide it.
  const auto treated = SumsOf({{100, 107}, {2000, 2007}, {30'000, 30'007}});
  const auto control = SumsOf({{500, 500}, {9000, 9000}, {40'000, 40'000}});
  EXPECT_GT(WelchTest(treated, control, kSignificance)->p_value, 0.5);
  const auto cuped = CupedTest(treated, control, kSignificance);
  ASSERT_TRUE(cuped);
  EXPECT_NEAR(cuped->theta, 1, 1e-12);
  EXPECT_NEAR(cuped->spend.difference, 7, 1e-9);
  EXPECT_LT(cuped->spend.p_value, 1e-6);
  EXPECT_NEAR(cuped->variance_reduction, 1, 1e-9);
}

TEST(CupedTest, ByHand) {
  // Treated (0,1) (2,3) (4,8): means 2 and 4, squares 8 and 26, products 14. Control (1,2) (3,2) (5,5): means 3 and 3,
  // squares 8 and 6, products 6. theta = 20 / 16; difference = 1 - 1.25 * (2 - 3); squares of what is left
  // 26 - 2.5 * 14 + 1.5625 * 8 = 3.5 and 6 - 2.5 * 6 + 12.5 = 3.5; variances (3.5 + 3.5) / 6 of (26 + 6) / 6.
  const auto cuped = CupedTest(SumsOf({{0, 1}, {2, 3}, {4, 8}}), SumsOf({{1, 2}, {3, 2}, {5, 5}}), kSignificance);
  ASSERT_TRUE(cuped);
  EXPECT_DOUBLE_EQ(cuped->theta, 1.25);
  EXPECT_DOUBLE_EQ(cuped->spend.difference, 2.25);
  EXPECT_DOUBLE_EQ(cuped->variance_reduction, 1 - 7.0 / 32);
  EXPECT_DOUBLE_EQ(cuped->spend.degrees_of_freedom, 4);
}

TEST(CupedTest, NeedsAPastThatVaries) {
  EXPECT_FALSE(CupedTest(SumsOf({{3, 1}, {3, 2}}), SumsOf({{4, 5}, {4, 6}}), kSignificance));
}

// Simulated truth: no effect, skewed spend, half of the variance foretold by the past. 67 is the upper bound of the
// binomial of 1,000 at 5 % (99 %).
TEST(SpendTests, FalseWinnersStayWithinTheLevel) {
  std::mt19937_64 random(1947);
  std::exponential_distribution<double> exponential(1.0 / 2000);
  const auto arm = [&] {
    SpendSums sums;
    for (int i = 0; i < 50; ++i) {
      const auto habit = static_cast<std::int64_t>(exponential(random));
      sums.Add(habit, habit + static_cast<std::int64_t>(exponential(random)));
    }
    return sums;
  };
  int welch = 0;
  int cuped = 0;
  for (int experiment = 0; experiment < 1000; ++experiment) {
    const SpendSums treated = arm();
    const SpendSums control = arm();
    welch += WelchTest(treated, control, kSignificance)->p_value < kSignificance ? 1 : 0;
    cuped += CupedTest(treated, control, kSignificance)->spend.p_value < kSignificance ? 1 : 0;
  }
  EXPECT_LE(welch, 67);
  EXPECT_LE(cuped, 67);
  EXPECT_GE(welch, 33) << "the level is used";
  EXPECT_GE(cuped, 33);
}

}  // namespace
}  // namespace loyalty::retention
