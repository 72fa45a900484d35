#include "retention/spenders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using ::testing::ElementsAre;

Spenders Collect(const std::vector<Spend>& spends) {
  SpendCollector collector;
  for (const Spend& spend : spends) collector.Add(spend);
  return collector.Take();
}

TEST(SpendCollector, SortsByRepeatsThenAmountAndLeavesNoTraceOfTheOrder) {
  test::Check([] {
    const auto spends = *rc::gen::container<std::vector<Spend>>(rc::gen::build<Spend>(
        rc::gen::set(&Spend::repeats, rc::gen::inRange(-1, 5)),
        rc::gen::set(&Spend::amount, rc::gen::map(rc::gen::inRange(-2, 20), [](int amount) { return amount / 4.0; }))));
    std::vector<Spend> expected;
    std::int64_t left_out = 0;
    for (const Spend& spend : spends) {
      if (spend.repeats <= 0) continue;
      if (spend.amount > 0) {
        expected.push_back(spend);
      } else {
        ++left_out;
      }
    }
    std::sort(expected.begin(), expected.end(), [](const Spend& a, const Spend& b) {
      return a.repeats != b.repeats ? a.repeats < b.repeats : a.amount < b.amount;
    });
    const Spenders spenders = Collect(spends);
    RC_ASSERT(spenders.left_out == left_out);
    RC_ASSERT(spenders.amounts.size() == expected.size());
    std::size_t next = 0;
    for (const auto& group : spenders.groups) {
      RC_ASSERT(group.begin == next);
      RC_ASSERT(group.end > group.begin);
      for (; next < group.end; ++next) RC_ASSERT(expected[next] == (Spend{group.repeats, spenders.amounts[next]}));
    }
    RC_ASSERT(next == expected.size());
  });
}

TEST(SpendCollector, IsEmptyAfterwardsAndTakesNothingThatIsNoNumber) {
  SpendCollector collector;
  collector.Add({.repeats = 2, .amount = std::numeric_limits<double>::infinity()});
  collector.Add({.repeats = 2, .amount = std::numeric_limits<double>::quiet_NaN()});
  collector.Add({.repeats = 2, .amount = 7});
  const Spenders first = collector.Take();
  EXPECT_EQ(first.left_out, 2);
  EXPECT_THAT(first.amounts, ElementsAre(7));
  const Spenders second = collector.Take();
  EXPECT_EQ(second.left_out, 0);
  EXPECT_TRUE(second.amounts.empty());
  EXPECT_TRUE(second.groups.empty());
}

TEST(ThinSpenders, KeepsEveryNthInItsGroup) {
  std::vector<Spend> spends;
  for (int i = 1; i <= 9; ++i) spends.push_back({.repeats = i <= 4 ? 1 : i == 5 ? 2 : 3, .amount = 1.0 * i});
  const Spenders thin = Thin(Collect(spends), 5);  // every second one
  EXPECT_THAT(thin.amounts, ElementsAre(1, 3, 5, 7, 9));
  ASSERT_EQ(thin.groups.size(), 3U);
  EXPECT_EQ(thin.groups[1].repeats, 2);
  EXPECT_EQ(thin.groups[1].begin, 2U);
  EXPECT_EQ(thin.groups[1].end, 3U);
  EXPECT_EQ(Thin(Collect(spends), 100).amounts, Collect(spends).amounts);
}

}  // namespace
}  // namespace loyalty::retention
