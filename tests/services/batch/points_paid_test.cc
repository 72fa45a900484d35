// What points have paid earns nothing: line by line, as the redemption was spread over its basket.
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Goods;

class PointsPaidTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  PointsPaidTest() { world_.Must(world_.Scan(1, 200'000)); }  // 2,000 points, a cent each

  static Scan& ScanIn(Command& command) { return std::get<Scan>(command.payload); }

  // A receipt of these lines, and what its basket was reduced by before.
  Command ReceiptOf(const std::vector<Line>& lines) {
    Command command = world_.Scan(1, 100);
    const Receipt sale = test::Sale(lines);
    ScanIn(command).receipt->lines = sale.lines;
    ScanIn(command).receipt->total = sale.total;
    return command;
  }
  v1::RedeemResult RedeemOn(const Command& scan, Points points) {
    Command redeem = world_.Redeem(1, points);
    std::get<Redeem>(redeem.payload).basket = std::get<Scan>(scan.payload).receipt;
    return test::RedeemOf(world_.Run(redeem));
  }
  static void PayWith(Command& scan, Minor amount, const std::string& redemption) {
    ScanIn(scan).receipt->payments.push_back({PaymentKind::kPoints, amount, redemption});
  }
  Points EarnedOf(const Command& scan) { return test::ScanOf(world_.Run(scan)).sale().points_earned(); }
  // Of the newest receipt.
  std::string MoneyOff() {
    std::string text;
    world_.session().Read(
        "SELECT money_off FROM receipt_lines WHERE receipt_id = (SELECT MAX(id) FROM receipts) ORDER BY line_no",
        [&text](Minor amount) { text += std::to_string(amount) + " "; });
    return text;
  }

  static Line Tobacco(Minor amount) {
    Line line = Goods(amount, 1'900);
    line.categories = {"tobacco"};
    return line;
  }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, PointsPaidTest, test::kBothEngines, test::EngineName);

TEST_P(PointsPaidTest, EachLineEarnsOnWhatPointsHaveNotPaidOfIt) {
  Command scan = ReceiptOf({Goods(4'000, 1'900), Goods(2'000, 700)});
  PayWith(scan, 600, RedeemOn(scan, 600).redemption());
  EXPECT_EQ(EarnedOf(scan), 54);
  EXPECT_EQ(MoneyOff(), "400 200 ");
}

// The basket was all there was when points were spent; what came after was paid with money.
TEST_P(PointsPaidTest, ARedemptionFallsWhereItWasSpreadNotWhereTheSlipWouldSpreadIt) {
  Command scan = ReceiptOf({Goods(4'000, 1'900), Tobacco(2'000)});
  const auto redemption = RedeemOn(ReceiptOf({Goods(4'000, 1'900)}), 600);
  PayWith(scan, 600, redemption.redemption());
  EXPECT_EQ(EarnedOf(scan), 34);
  EXPECT_EQ(MoneyOff(), "600 0 ");
}

TEST_P(PointsPaidTest, PointsOnWhatEarnsNothingTakeNothingFromTheRest) {
  Command scan = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000)});
  PayWith(scan, 600, RedeemOn(scan, 600).redemption());
  EXPECT_EQ(EarnedOf(scan), 7);
  Line book = Goods(2'000, 700);
  book.flags = kNoRedemption;
  Command pen = ReceiptOf({book, Goods(500, 1'900)});
  PayWith(pen, 500, RedeemOn(pen, 500).redemption());
  EXPECT_EQ(EarnedOf(pen), 20);
  EXPECT_EQ(MoneyOff(), "0 500 ");
}

TEST_P(PointsPaidTest, WithoutAKnownRedemptionTheyAreSpreadOverWhatMayBeReduced) {
  for (const std::string& name : {std::string(), std::string("a voucher"),
                                  std::string("members/00000000000000ff/redemptions/00000000000000ff")}) {
    Command scan = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000), test::LineOf(LineKind::kDeposit, 25)});
    PayWith(scan, 600, name);
    EXPECT_EQ(EarnedOf(scan), 7) << name;
    EXPECT_EQ(MoneyOff(), "300 300 0 ") << name;
  }
  // Nor does a redemption tell it that was made without a basket.
  Command scan = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000)});
  PayWith(scan, 600, test::RedeemOf(world_.Run(world_.Redeem(1, 600))).redemption());
  EXPECT_EQ(EarnedOf(scan), 7);
}

// A slip says what was paid, whoever's redemption it names; how that was spread is only known of one's own.
TEST_P(PointsPaidTest, ARedemptionOfSomebodyElseOrOneThatIsOverTellsNothing) {
  world_.Must(world_.Scan(2, 200'000));
  Command foreign = world_.Redeem(2, 600);
  std::get<Redeem>(foreign.payload).basket = test::Sale({Goods(1'000, 1'900)});
  const std::string of_another = test::RedeemOf(world_.Run(foreign)).redemption();
  const std::string cancelled = RedeemOn(ReceiptOf({Goods(1'000, 1'900)}), 600).redemption();
  world_.Must(world_.Cancel(cancelled));
  const std::string used = RedeemOn(ReceiptOf({Goods(1'000, 1'900)}), 600).redemption();
  Command first = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000)});
  PayWith(first, 600, used);
  EXPECT_EQ(EarnedOf(first), 4);
  for (const std::string& name : {of_another, cancelled, used}) {
    Command scan = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000)});
    PayWith(scan, 600, name);
    EXPECT_EQ(EarnedOf(scan), 7) << name;
    EXPECT_EQ(MoneyOff(), "300 300 ") << name;
  }
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM redemptions WHERE receipt_id IS NOT NULL"), 1);
}

TEST_P(PointsPaidTest, ARedemptionNamesTheReceiptThatUsedIt) {
  Command scan = ReceiptOf({Goods(4'000, 1'900)});
  PayWith(scan, 300, RedeemOn(scan, 300).redemption());
  PayWith(scan, 200, RedeemOn(scan, 200).redemption());
  world_.Run({scan, world_.Again(scan)});
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM redemptions r JOIN receipts t ON t.id = r.receipt_id AND "
                                     "t.id = (SELECT MAX(id) FROM receipts) AND t.member_id = r.member_id"),
            2);
}

TEST_P(PointsPaidTest, AReceiptOfNobodyUsesNoRedemption) {
  Command scan = ReceiptOf({Goods(4'000, 1'900)});
  PayWith(scan, 300, RedeemOn(scan, 300).redemption());
  ScanIn(scan).identifier.reset();
  world_.Must(scan);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM redemptions WHERE receipt_id IS NOT NULL"), 0);
}

TEST_P(PointsPaidTest, OnlyMoneyOfTheProgramIsPaidWithPoints) {
  Command scan = ReceiptOf({Goods(1'000, 1'900)});
  PayWith(scan, 600, "");
  ScanIn(scan).receipt->currency = "CHF";
  EXPECT_EQ(EarnedOf(scan), 0);
  EXPECT_EQ(MoneyOff(), "0 ");
}

TEST_P(PointsPaidTest, AQuoteSaysWhatTheScanWillEarn) {
  Command scan = ReceiptOf({Goods(1'000, 1'900), Tobacco(1'000)});
  PayWith(scan, 600, RedeemOn(ReceiptOf({Tobacco(1'000), Goods(1'000, 1'900)}), 600).redemption());
  const auto quote = world_.Quote(scan);
  ASSERT_TRUE(quote);
  EXPECT_EQ(dynamic_cast<const v1::ScanResult&>(*quote->result).sale().points_earned(), 7);
  EXPECT_EQ(EarnedOf(scan), 7);
}

// As many redemptions as a batch has receipts are read by one statement.
TEST_P(PointsPaidTest, ManyOfOneBatchEachFindTheirOwn) {
  std::vector<Command> scans;
  std::string shares;
  for (int i = 1; i <= 20; ++i) {
    scans.push_back(ReceiptOf({Goods(1'000, 1'900), Goods(1'000, 1'900)}));
    const auto redemption = RedeemOn(ReceiptOf({Goods(100 * i, 1'900), Goods(1'000, 1'900)}), 50 + i);
    for (const auto& share : redemption.allocations()) shares += std::to_string(share.amount_minor()) + " ";
    PayWith(scans.back(), 50 + i, redemption.redemption());
  }
  int reads = 0;
  world_.session().set_hook(
      [&reads](std::string_view statement) { reads += statement == "read redemption_shares" ? 1 : 0; });
  for (const auto& answer : world_.Run(scans)) EXPECT_EQ(test::ScanOf(answer).sale().points_earned(), 19);
  world_.session().set_hook(nullptr);
  EXPECT_EQ(reads, 1);
  std::string stored;
  world_.session().Read(
      "SELECT money_off FROM receipt_lines WHERE receipt_id > (SELECT MIN(id) FROM receipts) "
      "ORDER BY receipt_id, line_no",
      [&stored](Minor amount) { stored += std::to_string(amount) + " "; });
  EXPECT_EQ(stored, shares);
}

}  // namespace
}  // namespace loyalty
