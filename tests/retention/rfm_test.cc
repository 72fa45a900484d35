#include "retention/rfm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/property.h"

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const RfmValues& v) {
  return os << v.recency_days << " days ago, " << v.purchase_days << " days, " << v.spend_minor;
}
std::ostream& operator<<(std::ostream& os, const RfmScores& s) { return os << s.recency << s.frequency << s.monetary; }

namespace {

// The definition of a rank, customer by customer, for goodness in which more is better.
int ScoreByRank(const std::vector<std::int64_t>& goodness, std::int64_t of, RfmRank rank) {
  const auto less = std::count_if(goodness.begin(), goodness.end(), [&](std::int64_t other) { return other < of; });
  const auto ties = std::count(goodness.begin(), goodness.end(), of);
  const auto size = static_cast<std::ptrdiff_t>(goodness.size());
  const auto min_rank = less + 1;
  // Mean rank less a half is less + ties / 2.
  return static_cast<int>(1 + (rank == RfmRank::kMin ? 5 * (min_rank - 1) / size : 5 * (2 * less + ties) / (2 * size)));
}

std::vector<RfmScores> ScoresByRank(const std::vector<RfmValues>& customers, RfmRank rank) {
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> frequency;
  std::vector<std::int64_t> spend;
  for (const RfmValues& customer : customers) {
    recency.push_back(-customer.recency_days);
    frequency.push_back(customer.purchase_days);
    spend.push_back(customer.spend_minor);
  }
  std::vector<RfmScores> scores;
  for (std::size_t i = 0; i < customers.size(); ++i)
    scores.push_back({ScoreByRank(recency, recency[i], rank), ScoreByRank(frequency, frequency[i], rank),
                      ScoreByRank(spend, spend[i], rank)});
  return scores;
}

// Few different values, so that ties are the rule, as among one-time buyers.
rc::Gen<std::vector<RfmValues>> AnyCustomers() {
  using rc::gen::set;
  return rc::gen::container<std::vector<RfmValues>>(rc::gen::build<RfmValues>(
      set(&RfmValues::recency_days, rc::gen::inRange<std::int64_t>(0, 30)),
      set(&RfmValues::purchase_days, rc::gen::weightedOneOf<std::int64_t>({{6, rc::gen::just<std::int64_t>(1)},
                                                                           {4, rc::gen::inRange<std::int64_t>(1, 9)}})),
      set(&RfmValues::spend_minor, rc::gen::weightedOneOf<std::int64_t>({{5, rc::gen::inRange<std::int64_t>(-50, 50)},
                                                                         {1, rc::gen::arbitrary<std::int64_t>()}}))));
}

RfmRank AnyRank() { return *rc::gen::element(RfmRank::kMin, RfmRank::kMid); }

bool IsInside(std::int64_t value) {
  return value > RfmCutPoints::kNobodyAtMost && value < RfmCutPoints::kNobodyAtLeast;
}

TEST(Rfm, CutPointsReproduceTheRankingThatMadeThem) {
  test::Check(
      [] {
        const auto customers = *AnyCustomers();
        RC_PRE(std::all_of(customers.begin(), customers.end(), [](const auto& c) { return IsInside(c.spend_minor); }));
        const RfmRank rank = AnyRank();
        const RfmCutPoints cut_points = RfmCutPointsOf(customers, rank);
        const auto expected = ScoresByRank(customers, rank);
        for (std::size_t i = 0; i < customers.size(); ++i) RC_ASSERT(ScoreRfm(customers[i], cut_points) == expected[i]);
        RC_ASSERT(AreInOrder(cut_points));
      },
      10);
}

TEST(Rfm, OrderOfCustomersDoesNotMatter) {
  test::Check(
      [] {
        auto customers = *AnyCustomers();
        const RfmRank rank = AnyRank();
        const RfmCutPoints before = RfmCutPointsOf(customers, rank);
        for (std::size_t i = customers.size(); i > 1; --i)
          std::swap(customers[i - 1], customers[*rc::gen::inRange<std::size_t>(0, i)]);
        RC_ASSERT(RfmCutPointsOf(customers, rank) == before);
      },
      10);
}

TEST(Rfm, BetterValuesNeverScoreLess) {
  test::Check(
      [] {
        const RfmCutPoints cut_points = RfmCutPointsOf(*AnyCustomers(), AnyRank());
        const RfmValues worse = {*rc::gen::inRange(0, 40), *rc::gen::inRange(1, 12), *rc::gen::inRange(-60, 60)};
        const RfmValues better = {worse.recency_days - *rc::gen::inRange(0, 9),
                                  worse.purchase_days + *rc::gen::inRange(0, 9),
                                  worse.spend_minor + *rc::gen::inRange(0, 9)};
        const RfmScores low = ScoreRfm(worse, cut_points);
        const RfmScores high = ScoreRfm(better, cut_points);
        RC_ASSERT(low.recency <= high.recency);
        RC_ASSERT(low.frequency <= high.frequency);
        RC_ASSERT(low.monetary <= high.monetary);
      },
      10);
}

std::vector<RfmValues> Spending(const std::vector<std::int64_t>& spend) {
  std::vector<RfmValues> customers;
  for (const std::int64_t minor : spend) customers.push_back({.purchase_days = 1, .spend_minor = minor});
  return customers;
}

TEST(Rfm, TiesShareTheLowestRank) {
  // Six of ten bought once: all of them score 1, and the next rank is the seventh.
  const auto customers = Spending({1, 1, 1, 1, 1, 1, 2, 3, 4, 5});
  const RfmCutPoints cuts = RfmCutPointsOf(customers);
  EXPECT_EQ(cuts.spend_minor_at_least, (std::array<std::int64_t, 4>{2, 2, 2, 4}));
  EXPECT_EQ(ScoreRfm(customers[0], cuts).monetary, 1);
  EXPECT_EQ(ScoreRfm(customers[6], cuts).monetary, 4);
  EXPECT_EQ(ScoreRfm(customers[9], cuts).monetary, 5);
}

TEST(Rfm, MidRankLiftsTheTiesToTheirMiddle) {
  const auto customers = Spending({1, 1, 1, 1, 1, 1, 2, 3, 4, 5});
  const RfmCutPoints cuts = RfmCutPointsOf(customers, RfmRank::kMid);
  EXPECT_EQ(ScoreRfm(customers[0], cuts).monetary, 2);
  EXPECT_EQ(ScoreRfm(customers[6], cuts).monetary, 4);
  EXPECT_EQ(ScoreRfm(customers[9], cuts).monetary, 5);
}

TEST(Rfm, WhatNobodyReachedStaysOutOfReach) {
  const auto alike = Spending({7, 7, 7});
  const RfmCutPoints cuts = RfmCutPointsOf(alike);
  EXPECT_EQ(cuts, RfmCutPoints{});
  EXPECT_EQ(ScoreRfm({.recency_days = 0, .purchase_days = 1000, .spend_minor = 1'000'000}, cuts), (RfmScores{1, 1, 1}));
  EXPECT_EQ(RfmCutPointsOf({}), RfmCutPoints{});
  RfmCollector collector;
  collector.Add({.recency_days = 3, .purchase_days = 2, .spend_minor = 1});
  collector.Take();
  EXPECT_EQ(collector.Take(), RfmCutPoints{}) << "it is empty afterwards";
}

TEST(Rfm, ValueBetweenTwoOfTheRunScoresAsTheWorseOne) {
  const RfmCutPoints cuts = RfmCutPointsOf(Spending({10, 20, 30, 40, 50}));
  EXPECT_EQ(ScoreRfm({.spend_minor = 39}, cuts).monetary, 3);
  EXPECT_EQ(ScoreRfm({.spend_minor = 40}, cuts).monetary, 4);
  EXPECT_EQ(ScoreRfm({.spend_minor = 5}, cuts).monetary, 1);
}

TEST(Rfm, OrderOfCutPointsThatAPersonSet) {
  const RfmCutPoints good = {.recency_days_at_most = {365, 180, 90, 30},
                             .purchase_days_at_least = {2, 3, 5, 10},
                             .spend_minor_at_least = {1000, 5000, 5000, 20'000}};
  EXPECT_TRUE(AreInOrder(good));
  for (const auto cuts : {&RfmCutPoints::recency_days_at_most, &RfmCutPoints::purchase_days_at_least,
                          &RfmCutPoints::spend_minor_at_least}) {
    RfmCutPoints bad = good;
    std::swap((bad.*cuts)[0], (bad.*cuts)[3]);
    EXPECT_FALSE(AreInOrder(bad));
  }
}

TEST(Rfm, ValuesComeFromTheSummary) {
  const MemberSummary summary = {.first_day = 100, .last_day = 130, .days = 4, .receipts = 9, .amount = 12'345};
  EXPECT_EQ(RfmValuesOf(summary, 137), (RfmValues{7, 4, 12'345}));
}

}  // namespace
}  // namespace loyalty::retention
