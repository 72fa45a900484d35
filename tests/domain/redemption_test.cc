#include "domain/redemption.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tests/support/naive.h"
#include "tests/support/property.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using test::Goods;
using test::LineOf;
using test::Sale;

CatalogueVersion Rules() {
  CatalogueVersion version;
  version.burn = BurnRule{100, 150};  // 100 points are 1.50
  version.rewards = {{"coffee", "Coffee", 80, 0}, {"five", "5 off", 400, 500}};
  return version;
}

std::map<std::string, Minor> Amounts(const std::vector<TaxAllocation>& allocations) {
  std::map<std::string, Minor> amounts;
  for (const auto& allocation : allocations) amounts[allocation.line_id] = allocation.amount;
  return amounts;
}

TEST(PriceRedemption, PointsAreWorthWhatTheBurnRuleSays) {
  const auto price = PriceRedemption(Rules(), {.points = 300}, nullptr, "EUR");
  ASSERT_TRUE(price);
  EXPECT_EQ(price->points, 300);
  EXPECT_EQ(price->value, 450);
  EXPECT_TRUE(price->allocations.empty());
}

TEST(PriceRedemption, RewardCostsItsPriceAndTakesOffAtMostTheBasket) {
  const Receipt large = Sale({Goods(2000)});
  const Receipt small = Sale({Goods(300)});
  struct Row {
    const char* reward;
    const Receipt* basket;
    Points points;
    Minor value;
  };
  for (const Row& row : {Row{"five", nullptr, 400, 500},
                         {"five", &large, 400, 500},
                         {"five", &small, 400, 300},
                         {"coffee", &large, 80, 0},
                         {"coffee", nullptr, 80, 0}}) {
    const auto price = PriceRedemption(Rules(), {.reward_id = row.reward}, row.basket, "EUR");
    ASSERT_TRUE(price) << row.reward;
    EXPECT_EQ(price->points, row.points) << row.reward;
    EXPECT_EQ(price->value, row.value) << row.reward;
  }
  EXPECT_TRUE(PriceRedemption(Rules(), {.reward_id = "coffee"}, &large, "EUR")->allocations.empty());
}

// In the order in which they are checked: each row has its own mistake and all later ones.
TEST(PriceRedemption, RefusalsInTheirOrder) {
  constexpr Points kTooMany = std::numeric_limits<Points>::max() / 100 * 100;
  Receipt dollars = Sale({Goods(10)});
  dollars.currency = "USD";
  const Receipt tiny = Sale({Goods(149)});
  CatalogueVersion no_burn = Rules();
  no_burn.burn.reset();
  struct Row {
    CatalogueVersion rules;
    Spend spend;
    const Receipt* basket;
    Reason reason;
  };
  EXPECT_EQ(PriceRedemption(no_burn, {.reward_id = "tea"}, nullptr, "EUR").error().metadata.at("reward"), "rewards/tea")
      << "as it is named everywhere";
  for (const Row& row : {Row{no_burn, {.points = -1, .reward_id = "tea"}, &dollars, Reason::kRewardUnknown},
                         {no_burn, {.points = -1}, &dollars, Reason::kBurnNotEnabled},
                         {Rules(), {.points = 0}, &dollars, Reason::kPointsNotRedeemable},
                         {Rules(), {.points = -100}, &dollars, Reason::kPointsNotRedeemable},
                         {Rules(), {.points = 150}, &dollars, Reason::kPointsNotRedeemable},
                         {Rules(), {.points = kTooMany}, &dollars, Reason::kOverflow},
                         {Rules(), {.points = kTooMany}, nullptr, Reason::kOverflow},
                         {Rules(), {.points = 100}, &dollars, Reason::kInvalidArgument},
                         {Rules(), {.reward_id = "five"}, &dollars, Reason::kInvalidArgument},
                         {Rules(), {.points = 100}, &tiny, Reason::kRedemptionExceedsBasket}}) {
    const auto price = PriceRedemption(row.rules, row.spend, row.basket, "EUR");
    ASSERT_FALSE(price) << ReasonName(row.reason);
    EXPECT_EQ(ReasonName(price.error().reason), ReasonName(row.reason));
  }
  const auto exceeds = PriceRedemption(Rules(), {.points = 100}, &tiny, "EUR");
  EXPECT_EQ(exceeds.error().metadata.at("discountable_minor"), "149");
  EXPECT_EQ(exceeds.error().metadata.at("value_minor"), "150");
}

TEST(PriceRedemption, PointsMayPayTheWholeBasket) {
  const Receipt basket = Sale({Goods(149), Goods(1)});
  const auto price = PriceRedemption(Rules(), {.points = 100}, &basket, "EUR");
  ASSERT_TRUE(price);
  EXPECT_EQ(price->value, 150);
  EXPECT_EQ(Amounts(price->allocations), (std::map<std::string, Minor>{{"1", 149}, {"2", 1}}));
}

TEST(DiscountableTotal, OnlyGoodsThatMayBeReduced) {
  Line book = Goods(1000);
  book.flags = kNoRedemption;
  const Receipt receipt = Sale({Goods(700), book, LineOf(LineKind::kDeposit, 25), LineOf(LineKind::kDepositReturn, -50),
                                LineOf(LineKind::kGiftCardSale, 900), Goods(-200), Goods(0), Goods(300)});
  EXPECT_EQ(DiscountableTotal(receipt), 800);  // a coupon among the goods has taken its share already
  EXPECT_EQ(DiscountableTotal(Sale({Goods(100), Goods(-150)})), 0);
  EXPECT_EQ(DiscountableTotal(Sale({book})), 0);
  Receipt plain = Sale({});
  plain.total = 500;
  EXPECT_EQ(DiscountableTotal(plain), 500);
  plain.total = -500;
  EXPECT_EQ(DiscountableTotal(plain), 0);
}

// Tills round and deduct in many ways: what is paid in the end is the total, whatever the lines add up to.
TEST(DiscountableTotal, NeverMoreThanTheTotal) {
  Receipt rounded = Sale({Goods(1999), Goods(647)});
  rounded.total = 2645;
  EXPECT_EQ(DiscountableTotal(rounded), 2645);
  EXPECT_EQ(DiscountableTotal(Sale({Goods(1000), LineOf(LineKind::kDepositReturn, -300)})), 700);
  EXPECT_EQ(DiscountableTotal(Sale({Goods(1000), LineOf(LineKind::kDepositReturn, -1300)})), 0);
  // And never more than the lines allow.
  rounded.total = 9'999;
  EXPECT_EQ(DiscountableTotal(rounded), 2646);
}

TEST(SpreadOverLines, LargestRemainderTable) {
  using Shares = std::map<std::string, Minor>;
  EXPECT_EQ(Amounts(SpreadOverLines(100, {Sale({Goods(100), Goods(100), Goods(100)}).lines})),
            (Shares{{"1", 34}, {"2", 33}, {"3", 33}}));  // a tie: the earlier line
  EXPECT_EQ(Amounts(SpreadOverLines(1, {Sale({Goods(100), Goods(300)}).lines})), (Shares{{"2", 1}}));
  EXPECT_EQ(Amounts(SpreadOverLines(500, {Sale({Goods(1999), Goods(501)}).lines})), (Shares{{"1", 400}, {"2", 100}}));
  EXPECT_EQ(Amounts(SpreadOverLines(10, {Sale({Goods(5), LineOf(LineKind::kFee, 90), Goods(5)}).lines})),
            (Shares{{"1", 5}, {"3", 5}}));
  EXPECT_TRUE(SpreadOverLines(0, Sale({Goods(100)}).lines).empty());
  const auto taxed = SpreadOverLines(3, Sale({Goods(1, 700), Goods(2, 1900)}).lines);
  ASSERT_EQ(taxed.size(), 2U);
  EXPECT_EQ(taxed[0].tax_rate, 70'000);
  EXPECT_EQ(taxed[1].tax_rate, 190'000);
}

// The rule once more, read off its words.
std::map<std::string, Minor> NaiveReduction(const Receipt& basket, Minor wanted) {
  Minor goods = 0;
  std::vector<Minor> weights;
  for (const Line& line : basket.lines) {
    const bool is_goods = line.kind == LineKind::kGoods;
    weights.push_back(is_goods && line.amount > 0 && (line.flags & kNoRedemption) == 0 ? line.amount : 0);
    if (is_goods && line.amount < 0) goods += line.amount;
    goods += weights.back();
  }
  const Minor value = std::max<Minor>(0, std::min({wanted, goods, basket.total}));
  const std::vector<Minor> shares = test::NaiveSpread(value, weights);
  std::map<std::string, Minor> by_line;
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (shares[i] > 0) by_line[basket.lines[i].line_id] = shares[i];
  return by_line;
}

TEST(PriceRedemption, TakesOffWhatTheRuleReadWordByWordSays) {
  test::Check(
      [] {
        Receipt basket = *test::AnyReceipt();
        if (basket.lines.empty()) return;
        basket.total += *rc::gen::element<Minor>(0, 0, -1, 1, -700, 700);
        CatalogueVersion rules = Rules();
        rules.rewards.front().value = *rc::gen::oneOf(rc::gen::inRange<Minor>(1, 60'000), rc::gen::just(kMoneyMax));
        const auto price = PriceRedemption(rules, {.reward_id = "coffee"}, &basket, "EUR");
        const auto expected = NaiveReduction(basket, rules.rewards.front().value);
        Minor value = 0;
        for (const auto& [line, amount] : expected) value += amount;
        RC_ASSERT(price.has_value() == (value > 0));
        if (!price) return;
        RC_ASSERT(price->value == value);
        RC_ASSERT(price->value <= basket.total);
        RC_ASSERT(Amounts(price->allocations) == expected);
      },
      20);
}

TEST(SpreadOverLines, IsExactFairAndTakesNothingFromWhatMayNotBeReduced) {
  test::Check(
      [] {
        Receipt receipt = *test::AnyReceipt();
        const Minor factor = *rc::gen::element<Minor>(1, 1, 7, 10'000'000'000);
        for (Line& line : receipt.lines) line.amount *= factor;
        if (receipt.lines.empty()) return;
        receipt.total *= factor;
        const Minor most = DiscountableTotal(receipt);
        Minor total = 0;
        for (const Line& line : receipt.lines)
          if (line.kind == LineKind::kGoods && !line.Is(kNoRedemption) && line.amount > 0) total += line.amount;
        const Minor amount = *rc::gen::oneOf(rc::gen::inRange<Minor>(0, most + 1), rc::gen::just(most));
        const auto shares = Amounts(SpreadOverLines(amount, receipt.lines));
        Minor sum = 0;
        for (const Line& line : receipt.lines) {
          const auto found = shares.find(line.line_id);
          const Minor share = found == shares.end() ? 0 : found->second;
          sum += share;
          if (line.kind != LineKind::kGoods || line.Is(kNoRedemption) || line.amount <= 0) {
            RC_ASSERT(share == 0);
            continue;
          }
          RC_ASSERT(share >= 0 && share <= line.amount);
          // Less than one minor unit from the exact share.
          const __int128 off = static_cast<__int128>(share) * total - static_cast<__int128>(amount) * line.amount;
          RC_ASSERT((off < 0 ? -off : off) < total);
        }
        RC_ASSERT(sum == amount);
        // A line with more to its name never gets less.
        for (const Line& a : receipt.lines)
          for (const Line& b : receipt.lines)
            if (shares.count(a.line_id) > 0 && shares.count(b.line_id) > 0 && a.amount > b.amount)
              RC_ASSERT(shares.at(a.line_id) >= shares.at(b.line_id));
      },
      20);
}

TEST(PriceRedemption, AllocationsAddUpToItsValue) {
  test::Check(
      [] {
        const Receipt basket = *test::AnyReceipt();
        const Spend spend = *rc::gen::element(Spend{.reward_id = "five"}, Spend{.points = 100}, Spend{.points = 5000});
        const auto price = PriceRedemption(Rules(), spend, &basket, "EUR");
        if (!price) {
          RC_ASSERT(price.error().reason == Reason::kRedemptionExceedsBasket);
          RC_ASSERT(spend.reward_id.empty() || DiscountableTotal(basket) == 0);
          return;
        }
        RC_ASSERT(price->value >= 0 && price->value <= DiscountableTotal(basket));
        Minor sum = 0;
        for (const auto& allocation : price->allocations) sum += allocation.amount;
        RC_ASSERT(sum == (basket.lines.empty() ? 0 : price->value));
      },
      20);
}

}  // namespace
}  // namespace loyalty
