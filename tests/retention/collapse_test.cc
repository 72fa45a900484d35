#include "retention/collapse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "tests/retention/simulate.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

rc::Gen<History> AnyHistory() {
  return rc::gen::exec([] {
    const int repeats = *rc::gen::weightedOneOf<int>(
        {{3, rc::gen::just(0)}, {3, rc::gen::inRange(1, 4)}, {1, rc::gen::inRange(1, 10'000)}});
    const int recency = repeats == 0 ? 0 : *rc::gen::inRange(repeats, repeats + 5);
    const int age = recency + *rc::gen::inRange(0, 5);
    return History{.repeats = repeats,
                   .recency_days = static_cast<double>(recency),
                   .age_days = static_cast<double>(age),
                   .sum_ln_gap = *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 45)};
  });
}

TEST(Collapse, CountsEveryCustomerOnceInSortedRows) {
  test::Check([] {
    const auto histories = *rc::gen::container<std::vector<History>>(AnyHistory());
    std::map<std::tuple<int, int, int>, int> counts;
    std::int64_t repeats = 0;
    long double ln_gap = 0;
    for (const History& h : histories) {
      ++counts[{h.repeats, static_cast<int>(h.recency_days), static_cast<int>(h.age_days)}];
      repeats += h.repeats;
      ln_gap += std::ldexp(static_cast<long double>(h.sum_ln_gap), -32);
    }
    const CollapsedRows collapsed = Collapse(histories);
    std::vector<Row> expected;
    for (const auto& [key, count] : counts)
      expected.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    RC_ASSERT(collapsed.rows == expected);
    RC_ASSERT(collapsed.customers == static_cast<std::int64_t>(histories.size()));
    RC_ASSERT(collapsed.repeats == repeats);
    RC_ASSERT(collapsed.left_out == 0);
    RC_ASSERT(std::abs(collapsed.sum_ln_gap - static_cast<double>(ln_gap)) <= 1e-9 * (1 + collapsed.sum_ln_gap));
  });
}

TEST(Collapse, OrderOfCustomersLeavesNoTrace) {
  test::Check([] {
    auto histories = *rc::gen::container<std::vector<History>>(AnyHistory());
    const CollapsedRows collapsed = Collapse(histories);
    std::reverse(histories.begin(), histories.end());
    RC_ASSERT(Collapse(histories) == collapsed);
  });
}

TEST(Collapse, ImpossibleHistoriesAreLeftOutAndCounted) {
  const std::vector<History> histories = {
      {.repeats = 1, .recency_days = 10, .age_days = 20},
      {.repeats = -1, .recency_days = 10, .age_days = 20},
      {.repeats = 1, .recency_days = 0, .age_days = 20},       // a repeat on the first day
      {.repeats = 0, .recency_days = 10, .age_days = 20},      // no repeat, but a last one
      {.repeats = 1, .recency_days = 21, .age_days = 20},      // bought tomorrow
      {.repeats = 11, .recency_days = 10, .age_days = 20},     // more days than there were
      {.repeats = 1, .recency_days = 10.5, .age_days = 20},    // not whole
      {.repeats = 1, .recency_days = 10, .age_days = 40'001},  // 109 years
      {.repeats = 1, .recency_days = 10, .age_days = std::nan("")},
  };
  const CollapsedRows collapsed = Collapse(histories);
  EXPECT_EQ(collapsed.customers, 1);
  EXPECT_EQ(collapsed.left_out, 8);
  EXPECT_EQ(collapsed.rows, (std::vector<Row>{{1, 10, 20, 1}}));
}

TEST(Collapse, NobodyIsNoRow) { EXPECT_EQ(Collapse({}), CollapsedRows{}); }

TEST(RowCollector, IsEmptyAfterTake) {
  RowCollector collector;
  collector.Add({.repeats = 1, .recency_days = 10, .age_days = 20, .sum_ln_gap = LnGap(10)});
  EXPECT_EQ(collector.Take().customers, 1);
  EXPECT_EQ(collector.Take(), CollapsedRows{});
}

TEST(Thin, TakesEveryNthRow) {
  RowCollector collector;
  for (int age = 0; age < 1000; ++age) collector.Add({.age_days = static_cast<double>(age)});
  const CollapsedRows rows = collector.Take();
  const CollapsedRows thin = Thin(rows, 300);
  EXPECT_EQ(thin.rows.size(), 250U);
  EXPECT_EQ(thin.customers, 250);
  EXPECT_EQ(thin.rows[1].age_days, 4);
  EXPECT_EQ(Thin(rows, 1000), rows);
}

TEST(HistoryOf, CountsFromTheFirstPurchaseDay) {
  const std::vector<MemberDay> days = {
      {.day = 100, .receipts = 1}, {.day = 103, .receipts = 2}, {.day = 110, .receipts = 1}};
  const MemberSummary summary = Summarise(days);
  EXPECT_EQ(HistoryOf(summary, 130),
            (History{.repeats = 2, .recency_days = 10, .age_days = 30, .sum_ln_gap = LnGap(3) + LnGap(7)}));
  EXPECT_EQ(HistoryOf(summary, 110)->age_days, 10);
  EXPECT_FALSE(HistoryOf(summary, 109));
  EXPECT_FALSE(HistoryOf({}, 109));
}

}  // namespace
}  // namespace loyalty::retention
