// What is allowed can be stored: texts and amounts at their limits, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;

class LimitsTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, LimitsTest, test::kBothEngines, test::EngineName);

// As many bytes, as few characters and as many.
std::string Short(std::size_t bytes) { return std::string(bytes, 'x'); }
std::string Wide(std::size_t bytes) {
  std::string text;
  while (text.size() + 2 <= bytes) text += "\xC3\xBC";
  return text;
}

TEST_P(LimitsTest, LongestTextsOfAReceipt) {
  for (const auto text : {Short, Wide}) {
    Command command = world_.Scan(1, 1'000, text(64));
    auto& scan = std::get<Scan>(command.payload);
    scan.at_till.said = text(64);
    Line& line = scan.receipt->lines.front();
    line.line_id = line.sku = text(64);
    line.description = text(200);
    line.unit = text(16);
    line.unit_price = kUnitPriceMax;
    line.quantity = kQuantityMax;
    for (std::size_t i = 0; i < kCategoriesMax; ++i) line.categories.push_back(text(64));
    for (std::size_t i = 0; i < kPaymentsMax; ++i)
      scan.receipt->payments.push_back({PaymentKind::kOther, 1, text(128)});
    scan.receipt->fiscal = Fiscal{text(32), text(128), text(64), text(512)};
    ASSERT_TRUE(ValidateReceipt(*scan.receipt));
    EXPECT_EQ(test::Outcome(world_.Run(command)), "OK");
  }
}

TEST_P(LimitsTest, LongestTextsOfAMemberAndOfACancellation) {
  int card = 10;
  for (const auto text : {Short, Wide}) {
    Command command = world_.Enroll({++card});
    auto& enroll = std::get<EnrollMember>(command.payload);
    enroll.person->given_name = enroll.person->family_name = enroll.greeting_name = text(100);
    enroll.acquisition = {text(64), text(64), text(64), text(64), text(64)};
    EXPECT_EQ(test::Outcome(world_.Run(command)), "OK");
    world_.Must(world_.Scan(card, 10'000));
    Command cancel = world_.Cancel(test::RedeemOf(world_.Run(world_.Redeem(card, 10))).redemption());
    std::get<CancelRedemption>(cancel.payload).reason = text(64);
    EXPECT_EQ(test::Outcome(world_.Run(cancel)), "OK");
  }
}

// Far beyond any shop: the sums of a member end before 64 bits do, and what was refused left nothing.
TEST_P(LimitsTest, PurchasesBeyondTheLargestSumAreRefused) {
  const auto huge = [this] {
    Command command = world_.Scan(1, kMoneyMax);
    auto& receipt = *std::get<Scan>(command.payload).receipt;
    // Goods that earn nothing: it is not the points that are too many.
    receipt.lines.assign(kLinesMax, receipt.lines.front());
    for (Line& line : receipt.lines) line.categories = {"tobacco"};
    return command;
  };
  std::string outcome = "OK";
  int taken = 0;
  while (outcome == "OK" && taken < 100) {
    outcome = test::Outcome(world_.Run(huge()));
    taken += outcome == "OK" ? 1 : 0;
  }
  EXPECT_EQ(outcome, "OVERFLOW");
  EXPECT_EQ(taken, 18);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), taken);
}

// A card that nobody has seen before, and two receipts for it in one batch: the member that the first makes is nowhere
// but in the batch when the second is judged. What went through would never verify again.
TEST_P(LimitsTest, PointsOfACardFirstSeenInItsBatchDoNotExceedTheLargestSum) {
  const auto rich = [this] {
    Command command = world_.Scan(1, kMoneyMax);
    auto& lines = std::get<Scan>(command.payload).receipt->lines;
    lines.assign(60, lines.front());  // 6 * 10^14 points
    return command;
  };
  EXPECT_THAT(test::Outcomes(world_.Run({rich(), rich()})), ::testing::ElementsAre("OK", "OVERFLOW"));
  EXPECT_EQ(world_.BalanceOf(1).available, 60 * (kMoneyMax / 100));
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), 1);
  EXPECT_EQ(world_.Fault(), "");
}

TEST_P(LimitsTest, PurchasesOfACardFirstSeenInItsBatchDoNotExceedTheLargestSum) {
  std::vector<Command> commands;
  for (int i = 0; i < 20; ++i) {
    commands.push_back(world_.Scan(1, kMoneyMax));
    auto& lines = std::get<Scan>(commands.back().payload).receipt->lines;
    lines.assign(kLinesMax, lines.front());
    for (Line& line : lines) line.categories = {"tobacco"};  // earns nothing
  }
  const auto outcomes = test::Outcomes(world_.Run(std::move(commands)));
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "OK"), 18);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "OVERFLOW"), 2);
  EXPECT_EQ(outcomes.back(), "OVERFLOW");
  EXPECT_EQ(world_.Fault(), "");
}

}  // namespace
}  // namespace loyalty
