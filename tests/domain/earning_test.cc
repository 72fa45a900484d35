#include "domain/earning.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "domain/points_paid.h"
#include "tests/support/naive.h"
#include "tests/support/property.h"
#include "tests/support/receipts.h"

namespace loyalty {

std::ostream& operator<<(std::ostream& os, const EarningRule& rule) {
  return os << rule.points << " points per " << rule.per_amount << " rounding " << static_cast<int>(rule.rounding)
            << (rule.net ? " net" : " gross") << " kinds " << rule.earning_kinds << " excluded "
            << rule.excluded_categories.size();
}

namespace {

using test::Goods;
using test::LineOf;
using test::Sale;

Points PointsOf(const Receipt& receipt, const EarningRule& rule = {}) { return EarnedBy(receipt, rule, "EUR")->points; }
Minor BasisOf(const Receipt& receipt, const EarningRule& rule = {}) { return EarnedBy(receipt, rule, "EUR")->basis; }
constexpr std::uint32_t Bit(LineKind kind) { return 1U << static_cast<unsigned>(kind); }

TEST(EarnedBy, OneRoundingForTheWholeReceipt) {
  // 3 x 0.99: line by line it would be nothing.
  EXPECT_EQ(PointsOf(Sale({Goods(99), Goods(99), Goods(99)})), 2);
  EXPECT_EQ(PointsOf(Sale({Goods(10'500)}), {.points = 1, .per_amount = 1000}), 10);
  EXPECT_EQ(PointsOf(Sale({Goods(150)}), {.rounding = Rounding::kHalfUp}), 2);
  EXPECT_EQ(PointsOf(Sale({Goods(250)}), {.rounding = Rounding::kHalfUp}), 3);
  EXPECT_EQ(PointsOf(Sale({Goods(250)}), {.rounding = Rounding::kHalfEven}), 2);
  EXPECT_EQ(PointsOf(Sale({Goods(101)}), {.rounding = Rounding::kCeiling}), 2);
  EXPECT_EQ(PointsOf(Sale({Goods(1999)}), {.points = 3, .per_amount = 200}), 29);
}

TEST(EarnedBy, OnlyKindsThatEarn) {
  const Receipt receipt =
      Sale({Goods(1000), LineOf(LineKind::kDeposit, 25), LineOf(LineKind::kDepositReturn, -800),
            LineOf(LineKind::kGiftCardSale, 5000), LineOf(LineKind::kFee, 300), LineOf(LineKind::kTip, 200),
            LineOf(LineKind::kDonation, 100), LineOf(LineKind::kRounding, 2)});
  EXPECT_EQ(BasisOf(receipt), 1000);
  EXPECT_EQ(BasisOf(receipt, {.earning_kinds = Bit(LineKind::kGoods) | Bit(LineKind::kFee)}), 1300);
  EXPECT_EQ(BasisOf(receipt, {.earning_kinds = Bit(LineKind::kGiftCardSale)}), 5000);
  EXPECT_EQ(BasisOf(receipt, {.earning_kinds = 0}), 0);
  EXPECT_EQ(PointsOf(Sale({LineOf(LineKind::kDepositReturn, -800)})), 0);
}

TEST(EarnedBy, ExcludedCategoryEarnsNothingWhateverElseTheLineIsIn) {
  Line smoke = Goods(700);
  smoke.categories = {"kiosk", "tobacco"};
  Line bread = Goods(300);
  bread.categories = {"food"};
  EXPECT_EQ(BasisOf(Sale({smoke, bread}), {.excluded_categories = {"books", "tobacco"}}), 300);
  EXPECT_EQ(BasisOf(Sale({smoke, bread}), {.excluded_categories = {"tobac", "tobacco2"}}), 1000);
  EXPECT_EQ(BasisOf(Sale({smoke, bread}), {.excluded_categories = {"food", "kiosk"}}), 0);
}

TEST(EarnedBy, FlagsSayWhatALineMayDo) {
  Line apart = Goods(700);
  apart.flags = kNoEarning;
  EXPECT_EQ(BasisOf(Sale({apart, Goods(300)})), 300);
  apart.flags = kNoDiscount | kNoRedemption | kPrivate;
  EXPECT_EQ(BasisOf(Sale({apart, Goods(300)})), 1000);
}

TEST(EarnedBy, NetAndGross) {
  struct Row {
    Minor amount;
    int rate;
    bool line_net;
    Minor tax_amount;
    Minor gross, net;
  };
  for (const Row& row : {Row{1190, 1900, false, 0, 1190, 1000},    // tax inside, computed
                         {1000, 1900, true, 0, 1190, 1000},        // tax on top, computed
                         {1190, 1900, false, 190, 1190, 1000},     // tax stated
                         {1190, 1900, false, 189, 1190, 1001},     // what the till says counts
                         {1000, 1900, true, 191, 1191, 1000},      //
                         {999, 1900, false, 0, 999, 839},          // 839.495...
                         {107, 700, false, 0, 107, 100},           //
                         {100, 0, false, 0, 100, 100},             //
                         {100, 0, true, 0, 100, 100},              //
                         {1100, 100'000, false, 0, 1100, 100}}) {  // 1000 % tax
    Line line = Goods(row.amount, row.rate);
    line.tax_net = row.line_net;
    line.tax_amount = row.tax_amount;
    EXPECT_EQ(BasisOf(Sale({line})), row.gross) << row.amount << " at " << row.rate;
    EXPECT_EQ(BasisOf(Sale({line}), {.net = true}), row.net) << row.amount << " at " << row.rate;
  }
}

TEST(EarnedBy, NetIsRoundedOncePerTaxRate) {
  // 3 x 0.99 at 19 %: 249.58 together, 3 x 83.19 alone. At two rates each has its own rounding.
  EXPECT_EQ(BasisOf(Sale({Goods(99, 1900), Goods(99, 1900), Goods(99, 1900)}), {.net = true}), 250);
  EXPECT_EQ(BasisOf(Sale({Goods(99, 1900), Goods(99, 700)}), {.net = true}), 83 + 93);
}

TEST(EarnedBy, WhatWasPaidWithPointsEarnsNothing) {
  Receipt receipt = Sale({Goods(2000)});
  receipt.payments = {{PaymentKind::kOther, 1500, ""}, {PaymentKind::kPoints, 500, ""}};
  EXPECT_EQ(BasisOf(receipt), 1500);
  receipt.payments = {{PaymentKind::kPoints, 1000, ""}, {PaymentKind::kPoints, 1000, ""}};
  EXPECT_EQ(BasisOf(receipt), 0);
  receipt.payments = {{PaymentKind::kPoints, 5000, ""}};
  EXPECT_EQ(BasisOf(receipt), 0);
  // A gift card earned nothing when it was sold, so it earns now.
  receipt.payments = {{PaymentKind::kGiftCard, 2000, ""}};
  EXPECT_EQ(BasisOf(receipt), 2000);
  // Of a net basis the same share is taken.
  Receipt taxed = Sale({Goods(1190, 1900)});
  taxed.payments = {{PaymentKind::kPoints, 595, ""}};
  EXPECT_EQ(BasisOf(taxed, {.net = true}), 500);
}

// What points pay of a line that earns nothing takes nothing from one that does.
TEST(EarnedBy, WhatPointsPaidCountsWhereItFell) {
  Line smoke = Goods(1000);
  smoke.categories = {"tobacco"};
  const EarningRule rule{.excluded_categories = {"tobacco"}};
  Receipt receipt = Sale({Goods(1000), smoke});
  receipt.payments = {{PaymentKind::kPoints, 600, ""}};
  EXPECT_EQ(BasisOf(receipt, rule), 700);
  const auto basis_of = [&](const std::vector<Minor>& paid, bool net) {
    EarningRule one = rule;
    one.net = net;
    return EarnedBy(receipt, paid, one, "EUR")->basis;
  };
  EXPECT_EQ(basis_of({0, 600}, false), 1000);
  EXPECT_EQ(basis_of({600, 0}, false), 400);
  // At two tax rates the net amount depends on which one has paid.
  receipt = Sale({Goods(1190, 1900), Goods(1070, 700)});
  EXPECT_EQ(basis_of({595, 0}, true), 1500);
  EXPECT_EQ(basis_of({0, 535}, true), 1500);
  EXPECT_EQ(basis_of({1190, 0}, true), 1000);
  // A till that states its tax has its own rounding.
  receipt.lines[0].tax_amount = 189;
  EXPECT_EQ(basis_of({595, 0}, true), 1501);  // 1001 - 500.5, to the even one
}

TEST(EarnedBy, ForeignCurrencyReturnAndNegativeBasisEarnNothing) {
  Receipt foreign = Sale({Goods(1000)});
  foreign.currency = "USD";
  EXPECT_EQ(PointsOf(foreign), 0);
  Receipt back = Sale({Goods(1000)});
  back.kind = ReceiptKind::kReturn;
  EXPECT_EQ(PointsOf(back), 0);
  for (const Rounding mode : {Rounding::kFloor, Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kCeiling})
    EXPECT_EQ(PointsOf(Sale({Goods(-1000)}), {.rounding = mode}), 0);
  EXPECT_EQ(PointsOf(Sale({Goods(-1000), Goods(400)})), 0);
  EXPECT_EQ(PointsOf(Sale({Goods(-1000), Goods(1400)})), 4);
}

TEST(EarnedBy, WithoutLinesTheTotalIsGoods) {
  Receipt receipt = Sale({});
  receipt.total = 1234;
  EXPECT_EQ(BasisOf(receipt), 1234);
  EXPECT_EQ(BasisOf(receipt, {.net = true}), 1234);
  EXPECT_EQ(BasisOf(receipt, {.excluded_categories = {"food"}}), 1234);
  EXPECT_EQ(BasisOf(receipt, {.earning_kinds = Bit(LineKind::kFee)}), 0);
  receipt.payments = {{PaymentKind::kPoints, 1000, ""}};
  EXPECT_EQ(BasisOf(receipt), 234);
  receipt.total = -5;
  receipt.payments.clear();
  EXPECT_EQ(PointsOf(receipt), 0);
  // With lines the total says nothing.
  Receipt odd = Sale({Goods(500)});
  odd.total = 99'999;
  EXPECT_EQ(BasisOf(odd), 500);
}

TEST(EarnedBy, LargestReceiptIsAnOverflowNotACrash) {
  // So few points that only the amounts are large.
  const auto basis_of = [](const Receipt& receipt) {
    return EarnedBy(receipt, {.points = 1, .per_amount = 1'000'000'000}, "EUR").value().basis;
  };
  const Receipt largest = Sale(std::vector<Line>(500, Goods(kMoneyMax, 100'000)));
  EXPECT_EQ(basis_of(largest), 500 * kMoneyMax);
  EXPECT_EQ(EarnedBy(largest, {.points = 1'000'000, .per_amount = 1}, "EUR").error().reason, Reason::kOverflow);
  Receipt net = largest;
  for (Line& line : net.lines) line.tax_net = true;
  EXPECT_EQ(basis_of(net), 5500 * kMoneyMax);
  for (Line& line : net.lines) line.tax_amount = kMoneyMax;
  EXPECT_EQ(basis_of(net), 1000 * kMoneyMax);
}

rc::Gen<EarningRule> AnyRule() {
  using rc::gen::element;
  using rc::gen::set;
  return rc::gen::build<EarningRule>(
      set(&EarningRule::points, rc::gen::inRange<Points>(1, 30)),
      set(&EarningRule::per_amount, rc::gen::inRange<Minor>(1, 2000)),
      set(&EarningRule::rounding,
          element(Rounding::kFloor, Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kCeiling)),
      set(&EarningRule::net, rc::gen::arbitrary<bool>()),
      set(&EarningRule::excluded_categories, element(std::vector<std::string>{}, std::vector<std::string>{"tobacco"},
                                                     std::vector<std::string>{"books", "food"})),
      set(&EarningRule::earning_kinds, element<std::uint32_t>(Bit(LineKind::kGoods), 0, 0x1fe,
                                                              Bit(LineKind::kGoods) | Bit(LineKind::kDepositReturn))));
}

// The rule once more, read off its words, with its own arithmetic. `paid`: by points, of each line.
Earned NaiveEarned(const Receipt& receipt, const std::vector<Minor>& paid, const EarningRule& rule) {
  struct Taxed {
    __int128 gross = 0, net = 0, to_net = 0, to_gross = 0;
  };
  std::map<int, Taxed> rates;
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
    const Line& line = receipt.lines[i];
    const Minor by_points = paid.empty() ? 0 : paid[i];
    if (((rule.earning_kinds >> static_cast<int>(line.kind)) & 1) == 0) continue;
    bool excluded = (line.flags & kNoEarning) != 0;
    for (const auto& mine : line.categories)
      for (const auto& theirs : rule.excluded_categories) excluded = excluded || mine == theirs;
    if (excluded) continue;
    Taxed& taxed = rates[line.tax_rate];
    taxed.gross -= by_points;
    if (line.tax_amount == 0) {
      taxed.to_net -= by_points;
    } else if (by_points > 0) {
      const Minor net = line.tax_net ? line.amount : line.amount - line.tax_amount;
      const Minor gross = line.tax_net ? line.amount + line.tax_amount : line.amount;
      taxed.net -= *test::NaiveMulDiv(net, by_points, gross, Rounding::kHalfEven);
    }
    if (line.tax_net) {
      taxed.net += line.amount;
      if (line.tax_amount == 0) taxed.to_gross += line.amount;
      if (line.tax_amount != 0) taxed.gross += line.amount + line.tax_amount;
    } else {
      taxed.gross += line.amount;
      if (line.tax_amount == 0) taxed.to_net += line.amount;
      if (line.tax_amount != 0) taxed.net += line.amount - line.tax_amount;
    }
  }
  if (receipt.lines.empty() && (rule.earning_kinds & Bit(LineKind::kGoods)) != 0)
    rates[0].gross = rates[0].net = receipt.total - (paid.empty() ? 0 : paid[0]);
  Minor gross = 0;
  Minor net = 0;
  for (const auto& [rate, taxed] : rates) {
    const auto even = [](__int128 value, Minor times, Minor over) {
      return *test::NaiveMulDiv(static_cast<Minor>(value), times, over, Rounding::kHalfEven);
    };
    gross += static_cast<Minor>(taxed.gross) + even(taxed.to_gross, 1'000'000 + rate, 1'000'000);
    net += static_cast<Minor>(taxed.net) + even(taxed.to_net, 1'000'000, 1'000'000 + rate);
  }
  if (gross <= 0) return {};
  const Minor basis = rule.net ? net : gross;
  const Points points = *test::NaiveMulDiv(basis, rule.points, rule.per_amount, rule.rounding);
  return {points < 0 ? 0 : points, basis};
}

TEST(EarnedBy, AgreesWithTheRuleReadWordByWord) {
  test::Check(
      [] {
        const Receipt receipt = *test::AnyReceipt();
        const EarningRule rule = *AnyRule();
        const auto earned = EarnedBy(receipt, rule, "EUR");
        const Earned expected = NaiveEarned(receipt, PaidWithPoints(receipt), rule);
        RC_ASSERT(earned.has_value());
        RC_ASSERT(earned->points == expected.points);
        RC_ASSERT(earned->basis == expected.basis);
      },
      15);
}

// Two receipts instead of one: with FLOOR on gross amounts nobody gains, and nobody loses more than one point.
TEST(EarnedBy, SplittingAReceiptNeverGains) {
  test::Check(
      [] {
        Receipt whole = *test::AnyReceipt();
        whole.payments.clear();
        for (Line& line : whole.lines) line.amount = std::abs(line.amount);
        EarningRule rule = *AnyRule();
        rule.rounding = Rounding::kFloor;
        rule.net = false;
        for (Line& line : whole.lines) line.tax_net = false;
        Receipt first = whole;
        Receipt second = whole;
        first.lines.clear();
        second.lines.clear();
        for (const Line& line : whole.lines) (*rc::gen::arbitrary<bool>() ? first : second).lines.push_back(line);
        if (first.lines.empty() || second.lines.empty()) return;
        const Points together = PointsOf(whole, rule);
        const Points apart = PointsOf(first, rule) + PointsOf(second, rule);
        RC_ASSERT(apart <= together);
        RC_ASSERT(together <= apart + 1);
      },
      20);
}

TEST(EarnedBy, MoreGoodsNeverEarnLessAndMorePointsPaidNeverEarnMore) {
  test::Check(
      [] {
        Receipt receipt = *test::AnyReceipt();
        EarningRule rule = *AnyRule();
        rule.net = false;
        const Points before = PointsOf(receipt, rule);
        Receipt paid = receipt;
        paid.payments.push_back({PaymentKind::kPoints, *rc::gen::inRange<Minor>(0, 5000), ""});
        RC_ASSERT(PointsOf(paid, rule) <= before);
        if (receipt.lines.empty()) return;
        Receipt more = receipt;
        more.lines.push_back(Goods(*rc::gen::inRange<Minor>(0, 5000)));
        RC_ASSERT(PointsOf(more, rule) >= before);
      },
      20);
}

TEST(Earning, MorePointsThanThereCanBeAreRefused) {
  Receipt receipt;
  receipt.receipt_no = "1";
  receipt.currency = "EUR";
  receipt.total = kMoneyMax;
  EarningRule rule;
  rule.points = 1'000;
  rule.per_amount = 1;
  const auto earned = EarnedBy(receipt, rule, "EUR");
  ASSERT_FALSE(earned);
  EXPECT_EQ(earned.error().reason, Reason::kOverflow);
}

}  // namespace
}  // namespace loyalty
