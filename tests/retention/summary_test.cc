#include "retention/summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/property.h"

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const MemberSummary& s) {
  return os << "first " << s.first_day << " last " << s.last_day << " days " << s.days << " receipts " << s.receipts
            << " amount " << s.amount << " discount " << s.discount << " first_day_amount " << s.first_day_amount
            << " last_day_amount " << s.last_day_amount << " squared " << s.sum_gap_squared << " ln " << s.sum_ln_gap;
}

namespace {

struct Sale {
  Day day;
  std::int64_t amount;
  std::int64_t discount;
};
std::ostream& operator<<(std::ostream& os, const Sale& sale) {
  return os << "day " << sale.day << ": " << sale.amount << " (-" << sale.discount << ")";
}

// A member as storage keeps it: the summary and its day rows.
struct Member {
  MemberSummary summary;
  std::map<Day, MemberDay> days;

  DayNeighbours NeighboursOf(Day day) const {
    DayNeighbours neighbours;
    const auto after = days.upper_bound(day);
    const auto at = days.lower_bound(day);
    if (after != days.end()) neighbours.after = after->first;
    if (at != days.begin()) neighbours.before = std::prev(at)->first;
    return neighbours;
  }

  std::optional<MemberDay> Stored(Day day) const {
    const auto row = days.find(day);
    return row == days.end() ? std::nullopt : std::optional(row->second);
  }

  // Neighbours are given only when they are asked for, as by storage.
  void Add(const Sale& sale) {
    auto stored = Stored(sale.day);
    const bool needed = NeedsNeighbours(summary, stored, sale.day);
    AddReceipt(summary, stored, needed ? NeighboursOf(sale.day) : DayNeighbours{}, sale.day, sale.amount,
               sale.discount);
    days[sale.day] = *stored;
  }

  MemberSummary FromScratch() const {
    std::vector<MemberDay> rows;
    for (const auto& [day, row] : days) rows.push_back(row);
    return Summarise(rows);
  }
};

// The definition, word by word, from the sales themselves.
MemberSummary Define(const std::vector<Sale>& sales) {
  MemberSummary summary;
  std::map<Day, std::int64_t> amounts;
  for (const Sale& sale : sales) {
    amounts[sale.day] += sale.amount;
    ++summary.receipts;
    summary.amount += sale.amount;
    summary.discount += sale.discount;
  }
  if (amounts.empty()) return summary;
  summary.days = static_cast<std::int64_t>(amounts.size());
  summary.first_day = amounts.begin()->first;
  summary.last_day = amounts.rbegin()->first;
  summary.first_day_amount = amounts.begin()->second;
  summary.last_day_amount = amounts.rbegin()->second;
  for (auto day = std::next(amounts.begin()); day != amounts.end(); ++day) {
    const std::int64_t gap = day->first - std::prev(day)->first;
    summary.sum_gap_squared += gap * gap;
    summary.sum_ln_gap += LnGap(gap);
  }
  return summary;
}

rc::Gen<std::vector<Sale>> AnySales() {
  using rc::gen::set;
  // Days close together, so that many fall on the same one, and now and then one far away.
  const auto sale =
      rc::gen::build<Sale>(set(&Sale::day, rc::gen::weightedOneOf<Day>({{8, rc::gen::inRange<Day>(20'000, 20'040)},
                                                                        {2, rc::gen::inRange<Day>(19'000, 21'000)},
                                                                        {1, rc::gen::inRange<Day>(-25'000, 60'000)}})),
                           set(&Sale::amount, rc::gen::inRange<std::int64_t>(-5'000, 20'000)),
                           set(&Sale::discount, rc::gen::inRange<std::int64_t>(0, 900)));
  return rc::gen::container<std::vector<Sale>>(sale);
}

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
                                           .sum_ln_gap = LnGap(7)}));
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
