#include "retention/returns.h"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>
#include <vector>

#include "tests/retention/stored_member.h"

namespace loyalty::retention {
namespace {

using test::Sale;
using Member = test::StoredMember;

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

struct Case {
  std::string_view name;
  std::vector<Sale> sales;
  Day day;  // of the sale that is reversed
  Reversal reversal;
  std::vector<Sale> left;
};

TEST(Returns, ADayCountsWhileAReceiptOfItIsLeft) {
  const Sale first{100, 700, 10}, middle{103, 500, 0}, last{110, 900, 5};
  const std::vector<Case> cases{
      {"first day cancelled", {first, middle, last}, 100, {700, 10, true}, {middle, last}},
      {"last day cancelled", {first, middle, last}, 110, {900, 5, true}, {first, middle}},
      {"middle day cancelled: its gaps become one", {first, middle, last}, 103, {500, 0, true}, {first, last}},
      {"the only day cancelled", {first}, 100, {700, 10, true}, {}},
      {"one of two days", {first, last}, 100, {700, 10, true}, {last}},
      {"one of two receipts of the first day", {first, {100, 50, 1}, last}, 100, {700, 10, true}, {{100, 50, 1}, last}},
      {"one of two receipts of the only day", {first, {100, 50, 1}}, 100, {50, 1, true}, {first}},
      {"part of the first day", {first, last}, 100, {300, 4, false}, {{100, 400, 6}, last}},
      {"part of the last day", {first, last}, 110, {300, 0, false}, {first, {110, 600, 5}}},
      {"part of the middle day", {first, middle, last}, 103, {499, 0, false}, {first, {103, 1, 0}, last}},
      {"all money, but not all goods", {first, last}, 100, {700, 10, false}, {{100, 0, 0}, last}},
      {"a free basket counts until it goes", {first, {105, 0, 0}, last}, 105, {0, 0, true}, {first, last}},
      {"more than the goods of its day cost", {first, last}, 100, {800, 0, false}, {{100, -100, 10}, last}},
  };
  for (const Case& one : cases) {
    Member member;
    for (const Sale& sale : one.sales) member.Add(sale);
    EXPECT_TRUE(CanReverse(member.summary, member.days.at(one.day), one.reversal)) << one.name;
    member.Reverse(one.day, one.reversal);
    EXPECT_EQ(member.summary, test::Define(one.left)) << one.name;
    EXPECT_EQ(member.summary, member.FromScratch()) << one.name;
  }
}

TEST(Returns, FreeBasketIsAPurchaseDay) {
  Member member;
  for (const Sale& sale : {Sale{100, 700, 10}, {105, 0, 0}}) member.Add(sale);
  EXPECT_EQ(member.summary.days, 2);
  EXPECT_EQ(member.summary.last_day, 105);
  EXPECT_EQ(member.summary.last_day_amount, 0);
}

TEST(Returns, ADayMayComeBackWithALateReceipt) {
  Member member;
  for (const Sale& sale : {Sale{100, 700, 10}, {103, 500, 0}, {110, 900, 5}}) member.Add(sale);
  for (const Day day : {103, 100, 110}) {
    const MemberDay row = member.days.at(day);
    member.Reverse(day, {row.amount, row.discount, true});
    EXPECT_EQ(member.days.at(day), MemberDay{.day = day});
    member.Add({day, 40, 0});
    EXPECT_EQ(member.days.at(day), (MemberDay{.day = day, .amount = 40, .receipts = 1}));
    EXPECT_EQ(member.summary, member.FromScratch()) << day;
  }
  EXPECT_EQ(member.summary.days, 3);
}

TEST(Returns, NothingIsTakenThatIsNotThere) {
  Member member;
  for (const Sale& sale : {Sale{100, 700, 10}, {110, 900, 5}}) member.Add(sale);
  const MemberDay& day = member.days.at(100);
  EXPECT_FALSE(CanReverse(member.summary, {.day = 105}, {0, 0, true})) << "no receipt";
  EXPECT_FALSE(CanReverse(member.summary, day, {699, 10, true})) << "a day that ends leaves no money";
  EXPECT_FALSE(CanReverse(member.summary, day, {700, 9, true}));
  EXPECT_TRUE(CanReverse(member.summary, day, {700, 10, true}));
}

TEST(Returns, NoSumLeaves64Bits) {
  const MemberSummary summary{.first_day = 1, .last_day = 2, .days = 2, .receipts = 4};
  const MemberDay day{.day = 1, .receipts = 2};
  const MemberDay low{.day = 1, .amount = -2, .discount = -2, .receipts = 2};
  const MemberSummary low_summary{.days = 1, .receipts = 2, .amount = -2, .discount = -2};
  EXPECT_TRUE(CanReverse(summary, day, {kLargest, kLargest}));
  EXPECT_FALSE(CanReverse(summary, low, {kLargest, 0})) << "amount of the day";
  EXPECT_FALSE(CanReverse(summary, low, {0, kLargest})) << "discount of the day";
  EXPECT_FALSE(CanReverse(low_summary, day, {kLargest, 0})) << "amount of all days";
  EXPECT_FALSE(CanReverse(low_summary, day, {0, kLargest})) << "discount of all days";
}

TEST(Returns, WithoutTheirSaleTheyLowerTheNetAmountOnly) {
  Member member;
  member.Add({100, 700, 10});
  EXPECT_EQ(AddUnlinkedReturn(200, 300), 500);
  EXPECT_EQ(NetAmount(member.summary, 500), 200);
  EXPECT_EQ(NetAmount(MemberSummary{}, 500), -500);
  EXPECT_EQ(AddUnlinkedReturn(kLargest, 1), std::nullopt);
  EXPECT_EQ(NetAmount({.amount = -2}, kLargest), std::nullopt);
}

}  // namespace
}  // namespace loyalty::retention
