#include "domain/points_paid.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <string>

#include "domain/earning.h"
#include "tests/support/naive.h"
#include "tests/support/property.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using test::Goods;
using test::LineOf;
using test::Sale;
using Paid = std::vector<Minor>;

Receipt PaidBy(std::vector<Line> lines, std::vector<Payment> payments) {
  Receipt receipt = Sale(std::move(lines));
  receipt.payments = std::move(payments);
  return receipt;
}

Payment ByPoints(Minor amount) { return {PaymentKind::kPoints, amount, ""}; }

TEST(PaidWithPoints, FallsOnLinesAsTheRedemptionWasSpread) {
  const Receipt receipt = PaidBy({Goods(4000, 1900), Goods(2000, 700)}, {ByPoints(600)});
  EXPECT_EQ(PaidWithPoints(receipt, {{{"1", 190'000, 100}, {"2", 70'000, 500}}}), (Paid{100, 500}));
  // Not known: by what may be reduced, which is how a redemption spreads it too.
  EXPECT_EQ(PaidWithPoints(receipt), (Paid{400, 200}));
  EXPECT_EQ(PaidWithPoints(receipt, {{}}), (Paid{400, 200}));
}

TEST(PaidWithPoints, WhatSharesDoNotTellFallsOnWhatMayBeReduced) {
  Line book = Goods(2000);
  book.flags = kNoRedemption;
  const Receipt receipt = PaidBy({book, Goods(500), Goods(500, 700)}, {ByPoints(300)});
  struct Row {
    std::vector<TaxAllocation> shares;
    Paid paid;
  };
  for (const Row& row : {Row{{}, {0, 150, 150}},
                         {{{"2", 0, 300}}, {0, 300, 0}},
                         {{{"9", 0, 300}}, {0, 150, 150}},        // a line that is not there
                         {{{"3", 190'000, 300}}, {0, 150, 150}},  // at another tax rate
                         {{{"2", 0, 100}}, {0, 189, 111}},        // less shared than paid: 100, then 89 and 111
                         {{{"2", 0, 400}, {"3", 70'000, 200}}, {0, 200, 100}},  // more: in the same proportion
                         {{{"1", 0, 300}}, {300, 0, 0}}})                       // a fact, whatever the flag says
    EXPECT_EQ(PaidWithPoints(receipt, {row.shares}), row.paid);
}

TEST(PaidWithPoints, NoLineTakesMoreThanItsAmount) {
  Line book = Goods(2000);
  book.flags = kNoRedemption;
  // The pen takes what it can; the rest has been paid by points all the same.
  EXPECT_EQ(PaidWithPoints(PaidBy({book, Goods(500)}, {ByPoints(700)})), (Paid{200, 500}));
  EXPECT_EQ(PaidWithPoints(PaidBy({book, Goods(500)}, {ByPoints(9'000)})), (Paid{2000, 500}));
  EXPECT_EQ(PaidWithPoints(PaidBy({Goods(500), Goods(500)}, {ByPoints(700)}), {{{"1", 0, 700}}}), (Paid{500, 200}));
  EXPECT_EQ(PaidWithPoints(PaidBy({Goods(500), Goods(-200)}, {ByPoints(300)})), (Paid{300, 0}));
  EXPECT_EQ(PaidWithPoints(PaidBy({LineOf(LineKind::kDeposit, 25)}, {ByPoints(20)})), (Paid{20}));
  // A line without tax inside has room for its tax.
  Line net = Goods(1000, 1900);
  net.tax_net = true;
  EXPECT_EQ(PaidWithPoints(PaidBy({net}, {ByPoints(1190)})), (Paid{1190}));
  net.tax_amount = 191;
  EXPECT_EQ(PaidWithPoints(PaidBy({net}, {ByPoints(1300)})), (Paid{1191}));
}

TEST(PaidWithPoints, OtherPaymentsAreNoPoints) {
  EXPECT_TRUE(PaidWithPoints(PaidBy({Goods(500)}, {})).empty());
  EXPECT_TRUE(PaidWithPoints(PaidBy({Goods(500)}, {{PaymentKind::kGiftCard, 500, ""}, ByPoints(0)})).empty());
  const Receipt mixed =
      PaidBy({Goods(500), Goods(500)}, {{PaymentKind::kOther, 200, ""}, ByPoints(300), ByPoints(100)});
  EXPECT_EQ(PaidWithPoints(mixed, {{}, {}, {{"2", 0, 100}}}), (Paid{167, 233}));  // what is known first: 100; 167, 133
  Receipt plain = PaidBy({}, {ByPoints(300), ByPoints(100)});
  plain.total = 1000;
  EXPECT_EQ(PaidWithPoints(plain), (Paid{400}));
}

// R4, R17 of the examples: what points have paid, and what the rest earns.
TEST(PaidWithPoints, SharesAndPointsOfTheExamples) {
  const Receipt r4 = PaidBy({Goods(4000, 1900), Goods(2000, 700)}, {ByPoints(600)});
  const auto paid = PaidWithPoints(r4, {{{"1", 190'000, 400}, {"2", 70'000, 200}}});
  EXPECT_EQ(EarnedBy(r4, paid, {}, "EUR")->points, 54);
  Line book = Goods(2000);
  book.flags = kNoRedemption;
  const Receipt r17 = PaidBy({book, Goods(500)}, {ByPoints(500)});
  EXPECT_EQ(PaidWithPoints(r17, {SpreadOverLines(500, r17.lines)}), (Paid{0, 500}));
  EXPECT_EQ(EarnedBy(r17, {}, "EUR")->points, 20);
}

// The rule once more, read off its words.
Paid NaivePaid(const Receipt& receipt, const RedemptionShares& shares) {
  Paid paid(receipt.lines.size());
  const auto left = [&](std::size_t i) {
    const Line& line = receipt.lines[i];
    Minor gross = line.amount + (line.tax_net ? line.tax_amount : 0);
    if (line.tax_net && line.tax_amount == 0)
      gross = *test::NaiveMulDiv(line.amount, 1'000'000 + line.tax_rate, 1'000'000, Rounding::kCeiling);
    return line.amount <= 0 || gross <= 0 ? 0 : gross - paid[i];
  };
  const auto spread = [&](Minor& amount, const Paid& room) {
    Minor all = 0;
    for (const Minor one : room) all += one;
    const Minor now = std::min(all, amount);
    const Paid parts = test::NaiveSpread(now, room);
    for (std::size_t i = 0; i < parts.size(); ++i) paid[i] += parts[i];
    amount -= now;
  };
  std::map<std::size_t, Minor> rest;
  for (std::size_t at = 0; at < receipt.payments.size(); ++at) {
    if (receipt.payments[at].kind != PaymentKind::kPoints) continue;
    rest[at] = receipt.payments[at].amount;
    Paid room(paid.size());
    for (std::size_t i = 0; i < room.size(); ++i) {
      for (const auto& share : at < shares.size() ? shares[at] : std::vector<TaxAllocation>())
        if (share.line_id == receipt.lines[i].line_id && share.tax_rate == receipt.lines[i].tax_rate)
          room[i] += share.amount;
      room[i] = std::min(room[i], left(i));
    }
    spread(rest[at], room);
  }
  for (auto& [at, amount] : rest) {
    for (const bool every : {false, true}) {
      Paid room(paid.size());
      for (std::size_t i = 0; i < room.size(); ++i) {
        const Line& line = receipt.lines[i];
        const bool may = line.kind == LineKind::kGoods && (line.flags & kNoRedemption) == 0;
        room[i] = every || may ? left(i) : 0;
      }
      spread(amount, room);
    }
  }
  return paid;
}

TEST(PaidWithPoints, AgreesWithTheRuleReadWordByWord) {
  test::Check(
      [] {
        Receipt receipt = *test::AnyReceipt();
        if (receipt.lines.empty()) return;
        for (Payment& payment : receipt.payments)
          if (*rc::gen::arbitrary<bool>()) payment.kind = PaymentKind::kPoints;
        RedemptionShares shares;
        for (const Payment& payment : receipt.payments) {
          // As a redemption of this basket spreads it, or of another one.
          const Minor value = std::min(payment.amount, DiscountableTotal(receipt));
          shares.push_back(*rc::gen::arbitrary<bool>() ? SpreadOverLines(value, receipt.lines)
                                                       : std::vector<TaxAllocation>());
          for (TaxAllocation& share : shares.back()) share.amount += *rc::gen::element<Minor>(0, 0, 0, 5, 900);
        }
        const Paid paid = PaidWithPoints(receipt, shares);
        const Paid expected = NaivePaid(receipt, shares);
        const bool nothing = std::accumulate(expected.begin(), expected.end(), Minor{0}) == 0;
        RC_ASSERT(paid == expected || (paid.empty() && nothing));
      },
      20);
}

// A redemption that pays on the basket that it was made for falls where its answer says, to the cent.
TEST(PaidWithPoints, TheSharesOfARedemptionComeBackAsTheyAre) {
  test::Check(
      [] {
        Receipt receipt = *test::AnyReceipt();
        if (receipt.lines.empty()) return;
        for (Line& line : receipt.lines) line.tax_amount = std::max<Minor>(line.tax_amount, 0);
        const Minor value = *rc::gen::inRange<Minor>(0, DiscountableTotal(receipt) + 1);
        const auto shares = SpreadOverLines(value, receipt.lines);
        receipt.payments = {ByPoints(value)};
        const Paid paid = PaidWithPoints(receipt, {shares});
        Minor sum = 0;
        for (const TaxAllocation& share : shares) {
          for (std::size_t i = 0; i < paid.size(); ++i)
            if (receipt.lines[i].line_id == share.line_id) RC_ASSERT(paid[i] == share.amount);
          sum += share.amount;
        }
        RC_ASSERT(sum == value);
      },
      20);
}

}  // namespace
}  // namespace loyalty
