// A generated year: the same for a seed, in order, adding up, and as its truth says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "clients/generate/dice.h"
#include "clients/generate/writer.h"
#include "clients/generate/year.h"
#include "domain/identifier.h"

namespace loyalty::client {
namespace {

std::vector<GeneratedReceipt> AllOf(Year& year) {
  std::vector<GeneratedReceipt> receipts;
  while (year.NextDay([&](const GeneratedReceipt& receipt) { receipts.push_back(receipt); })) {
  }
  return receipts;
}

std::string TextOf(const Population& population) {
  Year year(population);
  std::string text = ReceiptsHeader();
  for (const auto& receipt : AllOf(year)) AppendReceipt(receipt, text);
  std::int64_t number = 0;
  for (const Member& member : year.members()) AppendTruth(number++, member, text);
  return text;
}

TEST(GeneratedYear, IsTheSameForASeedAndAnotherForAnother) {
  const std::string first = TextOf({.members = 200, .days = 60});
  EXPECT_EQ(first, TextOf({.members = 200, .days = 60}));
  EXPECT_NE(first, TextOf({.members = 200, .days = 60, .seed = 2}));
}

// Bytes that were handed out stay the same in every later version: figures in reports refer to them by their seed.
TEST(GeneratedYear, TheSeedsOfTodayAreThoseOfTomorrow) {
  Dice dice(1, Draw::kMember, 2, 3);
  EXPECT_EQ(dice.Bits(), Dice(1, Draw::kMember, 2, 3).Bits());
  const std::string text = TextOf({.members = 50, .days = 30});
  std::uint64_t sum = 14'695'981'039'346'656'037U;  // FNV-1a
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  EXPECT_EQ(sum, 9713344527761709747U) << "changing it changes every year that was ever generated";
}

TEST(GeneratedYear, ReceiptsAreInOrderNumberedByTillAndAddUp) {
  Year year({.members = 800, .days = 90});
  std::map<std::pair<int, int>, std::int64_t> last;
  std::pair<int, int> before{0, 0};
  for (const auto& receipt : AllOf(year)) {
    const std::pair now{receipt.day, receipt.second};
    EXPECT_LE(before, now);
    before = now;
    EXPECT_EQ(receipt.receipt_no, ++last[std::pair(receipt.store, receipt.terminal)]);
    EXPECT_FALSE(receipt.lines.empty());
    EXPECT_NE((receipt.day + kFirstWeekday) % 7, 6) << "closed on Sunday";
    if (!receipt.card.empty()) {
      EXPECT_TRUE(HasEan13Digit(receipt.card)) << receipt.card;
    }
    for (const BasketLine& line : receipt.lines) {
      const bool signs_fit = (line.quantity < 0) == (line.amount < 0);
      EXPECT_TRUE(signs_fit) << line.sku;
      // What is not on offer costs its price.
      if (line.discount == 0) {
        EXPECT_EQ(line.amount, (line.unit_price * line.quantity + (line.quantity < 0 ? -500 : 500)) / 1'000);
      }
    }
    EXPECT_LE(receipt.points_paid, std::max<std::int64_t>(receipt.total(), 0));
  }
}

TEST(GeneratedYear, HasEverythingAStoreHas) {
  Year year({.members = 1'500, .days = 120});
  std::set<std::string_view> kinds;
  std::set<int> taxes;
  std::map<std::string, int> what;
  for (const auto& receipt : AllOf(year)) {
    for (const BasketLine& line : receipt.lines) {
      kinds.insert(line.kind);
      taxes.insert(line.tax_rate);
      what["discount"] += line.discount > 0 ? 1 : 0;
    }
    what["stranger"] += receipt.card.empty() ? 1 : 0;
    what["points"] += receipt.points_paid > 0 ? 1 : 0;
    what["return"] += receipt.is_return ? 1 : 0;
    what["negative"] += !receipt.is_return && receipt.total() < 0 ? 1 : 0;
  }
  EXPECT_THAT(kinds, ::testing::IsSupersetOf({"goods", "deposit", "deposit_return", "gift_card_sale", "fee"}));
  EXPECT_THAT(taxes, ::testing::IsSupersetOf({700, 1'900}));
  for (const char* name : {"discount", "stranger", "points", "return", "negative"}) EXPECT_GT(what[name], 0) << name;
  int cards = 0;
  std::set<int> regularity;
  for (const Member& member : year.members()) {
    cards += member.cards > 1 ? 1 : 0;
    regularity.insert(member.k);
  }
  EXPECT_GT(cards, 200);
  EXPECT_EQ(regularity, (std::set<int>{1, 2, 3}));
}

TEST(GeneratedYear, AReturnNamesASaleOfItsStoreAndBringsBackOneOfItsLines) {
  Year year({.members = 800, .days = 120});
  std::map<std::tuple<int, int, std::int64_t, int>, GeneratedReceipt> sales;
  int returns = 0;
  for (const auto& receipt : AllOf(year)) {
    if (!receipt.is_return) {
      sales.emplace(std::tuple(receipt.store, receipt.terminal, receipt.receipt_no, receipt.day), receipt);
      continue;
    }
    ++returns;
    const auto sale =
        sales.find(std::tuple(receipt.store, receipt.terminal, receipt.original_no, receipt.original_day));
    ASSERT_NE(sale, sales.end());
    EXPECT_EQ(sale->second.card, receipt.card);
    EXPECT_GT(receipt.day, sale->second.day);
    ASSERT_EQ(receipt.lines.size(), 1U);
    EXPECT_LT(receipt.total(), 0);
    EXPECT_TRUE(std::any_of(sale->second.lines.begin(), sale->second.lines.end(), [&](const BasketLine& line) {
      return line.sku == receipt.lines[0].sku && line.amount == -receipt.lines[0].amount;
    }));
  }
  EXPECT_GT(returns, 20);
  Year without({.members = 300, .days = 60, .returns = false});
  for (const auto& receipt : AllOf(without)) EXPECT_FALSE(receipt.is_return);
}

TEST(GeneratedYear, TheTruthIsThatOfTheReceipts) {
  Year year({.members = 500, .days = 150});
  struct Seen {
    std::uint32_t purchases = 0;
    std::int64_t spent = 0;
    int last_day = -1;
  };
  std::map<std::string, Seen> seen;
  for (const auto& receipt : AllOf(year)) {
    if (receipt.card.empty() || receipt.is_return) continue;
    Seen& one = seen[receipt.card];
    ++one.purchases;
    one.last_day = receipt.day;
    for (const BasketLine& line : receipt.lines) one.spent += line.kind == "goods" ? line.amount : 0;
  }
  for (std::int64_t number = 0; number < 500; ++number) {
    const Member& member = year.members()[static_cast<std::size_t>(number)];
    Seen sum;
    for (int which = 0; which < member.cards; ++which) {
      const Seen& one = seen[CardNumber(number, which)];
      sum.purchases += one.purchases;
      sum.spent += one.spent;
      sum.last_day = std::max(sum.last_day, one.last_day);
    }
    EXPECT_EQ(sum.purchases, member.purchases) << number;
    EXPECT_EQ(sum.spent, member.spent) << number;
    EXPECT_EQ(sum.last_day, member.last_day) << number;
  }
}

// Gaps of Erlang-k, in units of their own mean, have a variance of 1/k; rates and chances to stop have their means.
TEST(GeneratedYear, PlainPurchasesFollowTheirModel) {
  for (const int k : {1, 2, 3}) {
    const Population population{.members = 4'000, .days = 1, .plain = true, .plain_k = k};
    double gaps = 0, squares = 0, dropout = 0, rate = 0;
    int count = 0;
    for (std::int64_t number = 0; number < population.members; ++number) {
      Member member = DrawMember(population, number, 1);
      dropout += member.dropout;
      rate += member.lambda / k;
      for (int purchase = 0; purchase < 10; ++purchase) {
        const double at = member.next;
        ++member.purchases;
        GoOn(population, number, member);
        if (member.stopped) break;
        const double gap = (member.next - at) * member.lambda / k;
        gaps += gap;
        squares += gap * gap;
        ++count;
      }
    }
    const double mean = gaps / count;
    EXPECT_NEAR(mean, 1, 0.03) << k;
    EXPECT_NEAR(squares / count - mean * mean, 1.0 / k, 0.06 / k) << k;
    const auto members = static_cast<double>(population.members);
    EXPECT_NEAR(dropout / members, kPlainTruth.a / (kPlainTruth.a + kPlainTruth.b), 0.01);
    EXPECT_NEAR(rate / members, kPlainTruth.r / kPlainTruth.alpha_times_k, 0.0005);
  }
}

}  // namespace
}  // namespace loyalty::client
