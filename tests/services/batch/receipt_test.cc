// Receipts come once, whatever request brings them; they count on their business day, in whatever order they come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "retention/summary.h"
#include "storage/administration.h"
#include "tests/support/batch_world.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcomes;
using ::testing::ElementsAre;

class ReceiptBatchTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  static Scan& ScanIn(Command& command) { return std::get<Scan>(command.payload); }
  std::int64_t Count(const std::string& table) { return world_.database().Number("SELECT COUNT(*) FROM " + table); }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReceiptBatchTest, test::kBothEngines, test::EngineName);

TEST_P(ReceiptBatchTest, AReceiptUnderAnotherRequestIdIsAnsweredLikeTheFirstTime) {
  const Command first = world_.Scan(1, 10'000);
  const Command in_batch = world_.Again(first);
  const auto answers = world_.Run({first, in_batch});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK"));
  const auto later = world_.Run(world_.Again(first));
  ASSERT_TRUE(later);
  EXPECT_EQ(answers[1]->bytes, answers[0]->bytes);
  EXPECT_EQ(later->bytes, answers[0]->bytes);
  EXPECT_TRUE(answers[1]->replayed && later->replayed);
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
  EXPECT_EQ(Count("receipts"), 1);
}

TEST_P(ReceiptBatchTest, AnIdUnderWhichAReceiptWasAnsweredAgainIsGoodForOneContentToo) {
  const Command first = world_.Scan(1, 10'000);
  const Command again = world_.Again(first);
  Command other = world_.Scan(2, 500);
  other.request_id = again.request_id;
  EXPECT_THAT(Outcomes(world_.Run({first, again, other})), ElementsAre("OK", "OK", "REQUEST_ID_REUSED"));
  EXPECT_THAT(Outcomes(world_.Run({other, again})), ElementsAre("REQUEST_ID_REUSED", "OK"));
  EXPECT_EQ(Count("requests"), 2);
  EXPECT_EQ(Count("receipts"), 1);
}

TEST_P(ReceiptBatchTest, AReceiptNumberWithOtherContentIsAConflict) {
  world_.Must(world_.Scan(1, 10'000, "R"));
  EXPECT_THAT(Outcomes(world_.Run({world_.Scan(1, 10'001, "R"), world_.Scan(2, 10'000, "R")})),
              ElementsAre("RECEIPT_CONFLICT", "RECEIPT_CONFLICT"));
  EXPECT_THAT(Outcomes(world_.Run({world_.Scan(2, 500, "S"), world_.Scan(2, 600, "S")})),
              ElementsAre("OK", "RECEIPT_CONFLICT"));
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
  EXPECT_EQ(world_.BalanceOf(2).available, 5);
}

// Whose receipt it is counts, not which of its cards was shown.
TEST_P(ReceiptBatchTest, AReceiptWithAnotherCardOfTheMemberIsTheSame) {
  world_.Must(world_.Enroll({1, 2}));
  const auto first = world_.Run(world_.Scan(1, 10'000, "R"));
  const auto again = world_.Run(world_.Scan(2, 10'000, "R"));
  ASSERT_TRUE(first && again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->bytes, first->bytes);
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_P(ReceiptBatchTest, NumbersThatDifferInABlankOrInCaseAreTwoReceipts) {
  const auto answers = world_.Run(
      {world_.Scan(1, 100, "r7"), world_.Scan(1, 200, "R7"), world_.Scan(1, 300, "R7 "), world_.Scan(1, 400, "R7  ")});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "OK", "OK"));
  EXPECT_EQ(world_.BalanceOf(1).available, 10);
}

TEST_P(ReceiptBatchTest, NumbersOfOtherTerminalsDaysAndEpochsAreTheirOwn) {
  std::vector<Command> commands = {world_.Scan(1, 100, "R"), world_.Scan(1, 100, "R"), world_.Scan(1, 100, "R"),
                                   world_.Scan(1, 100, "R")};
  ScanIn(commands[1]).place.terminal_id = 2;
  ScanIn(commands[2]).receipt->business_time -= kDayLength;
  ScanIn(commands[3]).place.epoch = 1;  // the till's numbering began again
  EXPECT_THAT(Outcomes(world_.Run(commands)), ElementsAre("OK", "OK", "OK", "OK"));
  EXPECT_EQ(world_.BalanceOf(1).available, 4);
  EXPECT_EQ(Count("receipts"), 4);
}

TEST_P(ReceiptBatchTest, AFiscalKeyIsASecondNaturalKey) {
  const auto signed_scan = [&](const std::string& number, const std::string& transaction) {
    Command command = world_.Scan(1, 10'000, number);
    ScanIn(command).receipt->fiscal = Fiscal{"TSE", "serial \"1\"", transaction, "signature"};
    return command;
  };
  const auto first = world_.Run(signed_scan("A", "42"));
  const auto renumbered = world_.Run(signed_scan("B", "42"));
  const auto in_batch = world_.Run({signed_scan("C", "43"), signed_scan("D", "43"), signed_scan("E", "44")});
  ASSERT_TRUE(first && renumbered);
  EXPECT_EQ(renumbered->bytes, first->bytes);
  EXPECT_TRUE(renumbered->replayed);
  ASSERT_THAT(Outcomes(in_batch), ElementsAre("OK", "OK", "OK"));
  EXPECT_EQ(in_batch[1]->bytes, in_batch[0]->bytes);
  EXPECT_EQ(world_.BalanceOf(1).available, 300);
  EXPECT_EQ(Count("receipts"), 3);
}

TEST_P(ReceiptBatchTest, WhatIsOnAReceiptIsStoredAsItCame) {
  Command command = world_.Scan(1, 10'000, "ß'\\:x😀");
  Scan& scan = ScanIn(command);
  scan.at_till.said = "o'p\\";
  scan.receipt->lines.push_back(test::Goods(-55, 700));
  scan.receipt->lines.back().line_id = "2";
  scan.receipt->lines.back().sku = "sku:'1'";
  scan.receipt->lines.back().categories = {"food", "a'b"};
  scan.receipt->total -= 55;
  scan.receipt->payments = {{PaymentKind::kPoints, 500, "x\"y\\z"}};
  EXPECT_EQ(test::ScanOf(world_.Run(command)).sale().points_earned(), 94);
  std::string text;
  world_.session().Read(
      "SELECT r.receipt_no, r.operator, r.payments, l.sku, l.categories FROM receipts r JOIN receipt_lines l ON "
      "l.receipt_id = r.id WHERE l.line_no = 2",
      [&text](const std::string& number, const std::string& who, const std::string& payments, const std::string& sku,
              const std::string& categories) {
        for (const auto* part : {&number, &who, &payments, &sku, &categories}) text += *part + "|";
      });
  EXPECT_EQ(text, "ß'\\:x😀|o'p\\|[{\"kind\":2,\"amount\":500,\"redemption\":\"x\\\"y\\\\z\"}]|sku:'1'|food\na'b|");
}

TEST_P(ReceiptBatchTest, ReturnsAreRefusedBeforeAnyEffect) {
  Command slip = world_.Scan(1, 100);
  ScanIn(slip).receipt->kind = ReceiptKind::kReturn;
  world_.ids.Reserve(world_.session(), 100);
  const auto before = world_.database().RowCounts();
  EXPECT_EQ(test::Outcome(world_.Run(slip)), "RETURN_NOT_SUPPORTED");
  EXPECT_EQ(world_.database().RowCounts(), before);
}

TEST_P(ReceiptBatchTest, AnAdminMayNameAnyPastTime) {
  Command import = world_.Scan(1, 100);
  ScanIn(import).receipt->business_time = world_.now - 400 * kDayLength;
  ScanIn(import).place.is_admin = true;
  EXPECT_EQ(test::ScanOf(world_.Run(import)).sale().business_date(), "2025-01-26");
}

TEST_P(ReceiptBatchTest, AVisitCountsOncePerStoreAndDay) {
  Command south = world_.Visit(1);
  ScanIn(south).place.store_id = 12;
  world_.Run({world_.Visit(1), world_.Visit(1), south, world_.Visit(2)});
  world_.Must(world_.Visit(1));
  EXPECT_EQ(Count("visits"), 3);
  world_.now += kDayLength;
  world_.Run({world_.Visit(1), world_.Visit(1)});
  EXPECT_EQ(Count("visits"), 4);
}

// Goal: the summary row is that of the purchase days, whatever order the receipts come in and however they share
// batches. Method: days up to 40 back, shuffled, some twice, some without goods; BatchWorld compares with Summarise.
TEST_P(ReceiptBatchTest, LateReceiptsOutOfOrderGiveTheRightSummary) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::vector<Command> commands;
  for (int i = 0; i < 120; ++i) {
    Command command = world_.Scan(1 + static_cast<int>(random() % 3), static_cast<Minor>(random() % 5'000));
    ScanIn(command).receipt->business_time -= static_cast<Instant>(random() % 40) * kDayLength;
    if (random() % 8 == 0) ScanIn(command).receipt->lines.front().kind = LineKind::kDeposit;
    if (random() % 8 == 0) ScanIn(command).receipt->lines.clear();
    commands.push_back(std::move(command));
  }
  for (std::size_t from = 0; from < commands.size();) {
    const std::size_t to = std::min(commands.size(), from + 1 + random() % 12);
    world_.Run(std::vector<Command>(commands.begin() + static_cast<std::ptrdiff_t>(from),
                                    commands.begin() + static_cast<std::ptrdiff_t>(to)));
    from = to;
  }
  EXPECT_EQ(Count("receipts"), 120);
  EXPECT_EQ(Count("members"), 3);
}

}  // namespace
}  // namespace loyalty
