#include "retention/summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/retention/stored_member.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using test::AnySales;
using test::Define;
using test::Sale;
using Member = test::StoredMember;

TEST(LnGap, TableValues) {
  // Computed with 50 digits.
  EXPECT_EQ(LnGap(1), 0);
  EXPECT_EQ(LnGap(2), 2'977'044'472);
  EXPECT_EQ(LnGap(3), 4'718'503'851);
  EXPECT_EQ(LnGap(7), 8'357'620'451);
  EXPECT_EQ(LnGap(365), 25'339'866'183);
  EXPECT_EQ(LnGap(39'999), 45'512'092'251);
  EXPECT_EQ(LnGap(40'000), 45'512'199'626);
  std::int64_t sum = 0;
  for (std::int64_t gap = 1; gap <= 40'000; ++gap) sum += LnGap(gap);
  EXPECT_EQ(sum, 1'648'715'996'131'903);
}

TEST(LnGap, LargerGapsCountAsTheLargest) {
  EXPECT_EQ(LnGap(40'001), LnGap(40'000));
  EXPECT_EQ(LnGap(1'000'000'000'000), LnGap(40'000));
}

TEST(MemberSummary, EveryOrderOfArrivalEndsInTheSameBits) {
  test::Check(
      [] {
        const auto sales = *AnySales();
        auto order = sales;
        for (std::size_t i = order.size(); i > 1; --i)
          std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
        Member in_order;
        Member shuffled;
        for (const Sale& sale : sales) in_order.Add(sale);
        for (const Sale& sale : order) shuffled.Add(sale);
        RC_ASSERT(in_order.summary == shuffled.summary);
        RC_ASSERT(in_order.days == shuffled.days);
        RC_ASSERT(shuffled.summary == shuffled.FromScratch());
        RC_ASSERT(shuffled.summary == Define(sales));
      },
      20);
}

TEST(MemberSummary, NeighboursMatterExactlyWhereTheyAreAskedFor) {
  test::Check(
      [] {
        Member member;
        for (const Sale& sale : *AnySales()) member.Add(sale);
        const Day day = *rc::gen::inRange<Day>(19'990, 20'050);
        const auto stored = member.Stored(day);
        const bool inside = member.summary.days > 0 && member.summary.first_day < day && day < member.summary.last_day;
        RC_ASSERT(NeedsNeighbours(member.summary, stored, day) == (inside && !stored));
        // With neighbours that are wrong, or none: the same result, unless they are needed.
        const auto add = [&](const DayNeighbours& neighbours) {
          auto summary = member.summary;
          auto row = stored;
          AddReceipt(summary, row, neighbours, day, 100, 5);
          return summary;
        };
        const bool needed = NeedsNeighbours(member.summary, stored, day);
        const auto right = add(member.NeighboursOf(day));
        const auto wrong = add({.before = day - 1000, .after = day + 3000});
        RC_ASSERT((right == wrong) == !needed);
        if (!needed) RC_ASSERT(add({}) == right);
      },
      20);
}

TEST(MemberSummary, SeveralReceiptsOfADayAreOnePurchaseDay) {
  Member member;
  for (const Sale& sale : {Sale{100, 500, 10}, {100, 300, 0}, {107, 200, 5}, {107, -50, 0}}) member.Add(sale);
  EXPECT_EQ(member.summary, (MemberSummary{.first_day = 100,
                                           .last_day = 107,
                                           .days = 2,
                                           .receipts = 4,
                                           .amount = 950,
                                           .discount = 15,
                                           .first_day_amount = 800,
                                           .last_day_amount = 150,
                                           .sum_gap_squared = 49,
                                           .sum_ln_gap = LnGap(7),
                                           .quarter_amount = {0, 950, 0, 0},
                                           .quarter_years = {0, 1, 0, 0}}));
  EXPECT_EQ(member.days.at(100), (MemberDay{.day = 100, .amount = 800, .discount = 10, .receipts = 2}));
}

TEST(MemberSummary, LateReceiptInsideAGapSplitsIt) {
  Member member;
  for (const Sale& sale : {Sale{100, 1, 0}, {110, 1, 0}, {103, 1, 0}}) member.Add(sale);
  EXPECT_EQ(member.summary.sum_gap_squared, 9 + 49);
  EXPECT_EQ(member.summary.sum_ln_gap, LnGap(3) + LnGap(7));
}

// A day row may be there without a purchase: it does not count as a day until there is one.
TEST(MemberSummary, DayRowWithoutReceiptsIsNoPurchaseDay) {
  for (const Day visit : {90, 100, 105, 110, 120}) {
    for (const auto& before : {std::vector<Sale>{}, {Sale{100, 700, 0}, Sale{110, 900, 0}}}) {
      Member member;
      for (const Sale& sale : before) member.Add(sale);
      if (member.days.count(visit) > 0) continue;
      std::optional<MemberDay> row = MemberDay{.day = visit};
      EXPECT_EQ(NeedsNeighbours(member.summary, row, visit), visit == 105 && !before.empty());
      AddReceipt(member.summary, row, member.NeighboursOf(visit), visit, 50, 0);
      member.days[visit] = *row;
      EXPECT_EQ(member.summary, member.FromScratch()) << visit;
    }
  }
}

TEST(Summarise, NoDaysNoSummary) {
  EXPECT_EQ(Summarise({}), MemberSummary{});
  const std::vector<MemberDay> visits = {{.day = 5}, {.day = 9}};
  EXPECT_EQ(Summarise(visits), MemberSummary{});
}

}  // namespace
}  // namespace loyalty::retention
