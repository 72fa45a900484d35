// What is allowed can be stored: texts and amounts at their limits, on both engines.
#include <gtest/gtest.h>

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
    scan.operator_id = text(64);
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

}  // namespace
}  // namespace loyalty
