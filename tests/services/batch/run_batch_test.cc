#include "services/batch/run_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/working_set.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcomes;
using ::testing::ElementsAre;

// What the commands of one batch see of each other. BatchWorld checks the whole ledger after each test.
class RunBatchTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, RunBatchTest, test::kBothEngines, test::EngineName);

TEST_P(RunBatchTest, AnUnknownCardOfTheRangeBecomesAnAnonymousMemberWhoEarns) {
  const auto answer = world_.Run(world_.Scan(1, 1'234));
  const auto result = test::ScanOf(answer);
  EXPECT_TRUE(result.member_created());
  EXPECT_EQ(result.sale().points_earned(), 12);
  EXPECT_EQ(result.sale().effects_size(), 1);
  EXPECT_EQ(result.member_seq(), 1);
  EXPECT_EQ(answer->member->balance, (Balances{.available = 12}));
  EXPECT_FALSE(answer->replayed);
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 12}));
}

TEST_P(RunBatchTest, AnUnknownCardOutsideTheRangeIsRejectedAndTheSaleIsRecorded) {
  const auto answer = world_.Run(world_.Scan(1'000'001, 1'000));
  const auto result = test::ScanOf(answer);
  ASSERT_EQ(result.rejected_size(), 1);
  EXPECT_EQ(result.rejected(0).what(), "identifier");
  EXPECT_EQ(result.rejected(0).reason(), "MEMBER_UNKNOWN");
  EXPECT_EQ(result.member(), "");
  EXPECT_FALSE(answer->member);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts WHERE member_id IS NULL"), 1);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), 0);
}

TEST_P(RunBatchTest, TheSameRequestTwiceInOneBatchTakesEffectOnceAndAnswersAlike) {
  const Command scan = world_.Scan(1, 10'000);
  const Command redeem = world_.Redeem(1, 30);
  const auto answers = world_.Run({scan, scan, redeem, redeem, scan});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "OK", "OK", "OK"));
  for (const auto& [first, again] : {std::pair(0, 1), std::pair(2, 3), std::pair(0, 4)}) {
    EXPECT_EQ(answers[first]->result, answers[again]->result);
    EXPECT_FALSE(answers[first]->replayed);
    EXPECT_TRUE(answers[again]->replayed);
  }
  EXPECT_EQ(world_.BalanceOf(1).available, 70);
}

TEST_P(RunBatchTest, TheSameRequestInALaterBatchAnswersTheSameBytes) {
  const std::vector<Command> commands = {world_.Scan(1, 10'000), world_.Redeem(1, 30), world_.Visit(1),
                                         world_.Enroll({7}), world_.Scan(2, 99)};
  const auto first = world_.Run(commands);
  world_.now += 40 * kDayLength;
  const auto again = world_.Run(commands);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    ASSERT_TRUE(first[i] && again[i]);
    EXPECT_EQ(first[i]->result, again[i]->result);
    EXPECT_TRUE(again[i]->replayed);
    ASSERT_TRUE(again[i]->member);
    EXPECT_EQ(again[i]->member->member_name, first[i]->member->member_name);
  }
  EXPECT_EQ(world_.BalanceOf(1).available, 70);
}

TEST_P(RunBatchTest, ARequestIdWithOtherContentIsRefusedInTheBatchAndLater) {
  const Command scan = world_.Scan(1, 10'000);
  Command other = world_.Scan(1, 20'000);
  other.request_id = scan.request_id;
  EXPECT_THAT(Outcomes(world_.Run({scan, other})), ElementsAre("OK", "REQUEST_ID_REUSED"));
  EXPECT_THAT(Outcomes(world_.Run({other, scan})), ElementsAre("REQUEST_ID_REUSED", "OK"));
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_P(RunBatchTest, ARefusedRequestIsNotRememberedAndMaySucceedLater) {
  const Command redeem = world_.Redeem(1, 50);
  EXPECT_THAT(Outcomes(world_.Run({redeem, world_.Scan(1, 10'000), redeem})),
              ElementsAre("MEMBER_UNKNOWN", "OK", "OK"));
  EXPECT_EQ(world_.BalanceOf(1).available, 50);
}

TEST_P(RunBatchTest, AReceiptAndASecondScanOfTheCardSeeEachOther) {
  const auto answers = world_.Run({world_.Scan(1, 10'000), world_.Scan(1, 5'000), world_.Visit(1)});
  EXPECT_TRUE(test::ScanOf(answers[0]).member_created());
  EXPECT_FALSE(test::ScanOf(answers[1]).member_created());
  EXPECT_EQ(test::ScanOf(answers[0]).member(), test::ScanOf(answers[2]).member());
  EXPECT_EQ(answers[1]->member->balance.available, 150);
  EXPECT_EQ(world_.database().Number("SELECT receipts FROM member_statistics"), 2);
}

TEST_P(RunBatchTest, AnEnrolmentAndTheFirstScanOfItsCardsSeeEachOther) {
  const auto answers = world_.Run(
      {world_.Enroll({1'000'001, 5}), world_.Scan(1'000'001, 10'000), world_.Scan(5, 10'000), world_.Redeem(5, 150)});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "OK", "OK"));
  EXPECT_TRUE(test::EnrollOf(answers[0]).created());
  EXPECT_EQ(test::ScanOf(answers[1]).member(), test::EnrollOf(answers[0]).member());
  EXPECT_EQ(answers[1]->member->greeting_name, "Ada");
  EXPECT_EQ(world_.BalanceOf(5).available, 50);
}

TEST_P(RunBatchTest, AnAnonymousMemberIsEnrolledWithItsPoints) {
  world_.Must(world_.Scan(1, 10'000));
  const auto answers = world_.Run({world_.Enroll({1, 2}), world_.Enroll({2, 3}), world_.Scan(2, 1'000)});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "IDENTIFIER_TAKEN", "OK"));
  EXPECT_FALSE(test::EnrollOf(answers[0]).created());
  EXPECT_EQ(world_.BalanceOf(2).available, 110);
  EXPECT_EQ(world_.database().Number("SELECT anonymous FROM members"), 0);
}

TEST_P(RunBatchTest, TwoCardsOfOneMemberShareOneBalance) {
  const auto member = test::EnrollOf(world_.Run(world_.Enroll({1, 2}))).member();
  const auto answers = world_.Run({world_.Scan(1, 10'000), world_.Scan(2, 10'000), world_.Redeem(1, 120),
                                   world_.Redeem(2, 120), world_.Redeem(2, 80)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "OK", "INSUFFICIENT_POINTS", "OK"));
  EXPECT_EQ(test::ScanOf(answers[0]).member(), member);
  EXPECT_EQ(test::ScanOf(answers[1]).member(), member);
  EXPECT_EQ(world_.BalanceOf(2), Balances{});
}

// The lots of the member are named by a card that only this batch gives to it.
TEST_P(RunBatchTest, ACardLinkedInTheSameBatchSpendsTheMembersPoints) {
  const auto member = test::ScanOf(world_.Run(world_.Scan(1, 10'000))).member();
  const auto answers = world_.Run({world_.Link(member, 2), world_.Redeem(2, 60), world_.Redeem(2, 60)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "INSUFFICIENT_POINTS"));
  EXPECT_EQ(world_.BalanceOf(1).available, 40);
}

TEST_P(RunBatchTest, ACardEnrolledInTheSameBatchSpendsTheMembersPoints) {
  world_.Must(world_.Scan(1, 10'000));
  const auto answers = world_.Run({world_.Enroll({1, 2}), world_.Redeem(2, 60)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK"));
  EXPECT_EQ(world_.BalanceOf(1).available, 40);
}

TEST_P(RunBatchTest, ARefusalBetweenTwoAcceptedOnesLeavesNoTrace) {
  world_.Must(world_.Scan(1, 10'000));
  const auto answers = world_.Run({world_.Redeem(1, 60), world_.Redeem(1, 60), world_.Redeem(1, 40)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "INSUFFICIENT_POINTS", "OK"));
  EXPECT_EQ(answers[1].error().metadata.at("available"), "40");
  EXPECT_EQ(test::RedeemOf(answers[2]).member_seq(), 3);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM redemptions"), 2);
}

TEST_P(RunBatchTest, ARedemptionIsCancelledInTheSameBatch) {
  world_.Must(world_.Scan(1, 10'000));
  const std::string member = "members/" + world_.Must(world_.Visit(1)).member->member_name;
  // Its name is drawn when it is decided; here we know what will be drawn.
  const std::string name = member + "/redemptions/" + storage::PublicName(test::NthRandom(world_.randoms));
  const auto answers =
      world_.Run({world_.Redeem(1, 70), world_.Cancel(name), world_.Cancel(name), world_.Redeem(1, 100)});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "REDEMPTION_ALREADY_CANCELLED", "OK"));
  EXPECT_EQ(test::RedeemOf(answers[0]).redemption(), name);
  EXPECT_EQ(test::CancelOf(answers[1]).points_restored(), 70);
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
}

TEST_P(RunBatchTest, ACancellationGivesBackOnceAlsoInLaterBatches) {
  world_.Must(world_.Scan(1, 10'000));
  const auto name = test::RedeemOf(world_.Run(world_.Redeem(1, 70))).redemption();
  const Command cancel = world_.Cancel(name);
  EXPECT_THAT(Outcomes(world_.Run({cancel, world_.Redeem(1, 100)})), ElementsAre("OK", "OK"));
  EXPECT_THAT(Outcomes(world_.Run({world_.Again(cancel), cancel})), ElementsAre("REDEMPTION_ALREADY_CANCELLED", "OK"));
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
}

TEST_P(RunBatchTest, CancellationsNameTheirMemberAndTheirStore) {
  world_.Must(world_.Scan(1, 10'000));
  world_.Must(world_.Scan(2, 10'000));
  const auto name = test::RedeemOf(world_.Run(world_.Redeem(1, 70))).redemption();
  Command wrong_member = world_.Cancel(name);
  std::get<CancelRedemptionCommand>(wrong_member.payload).member_name = "0000000000000000";
  Command wrong_store = world_.Cancel(name);
  std::get<CancelRedemptionCommand>(wrong_store.payload).place.store_id = 12;
  Command unknown = world_.Cancel(name);
  std::get<CancelRedemptionCommand>(unknown.payload).redemption_id = 1;
  EXPECT_THAT(Outcomes(world_.Run({wrong_member, wrong_store, unknown, world_.Cancel(name)})),
              ElementsAre("REDEMPTION_UNKNOWN", "PERMISSION_DENIED", "REDEMPTION_UNKNOWN", "OK"));
}

TEST_P(RunBatchTest, AnswersStandInTheOrderOfTheirCommands) {
  std::vector<Command> commands;
  for (int i = 0; i < 100; ++i) commands.push_back(world_.Scan(100 - i, (i + 1) * 100));
  const auto answers = world_.Run(commands);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(test::ScanOf(answers[static_cast<std::size_t>(i)]).sale().points_earned(), i + 1);
}

TEST_P(RunBatchTest, ABlockedIdentifierOrMemberIsRejectedAndTheSaleIsRecorded) {
  world_.Must(world_.Scan(1, 10'000));
  world_.Must(world_.Scan(2, 10'000));
  world_.session().Run("UPDATE identifiers SET state = 2 WHERE normalised = 'card:1'");
  world_.session().Run("UPDATE members SET state = 2 WHERE id = " + std::to_string(world_.MemberOf(2)));
  const auto answers = world_.Run(
      {world_.Scan(1, 5'000), world_.Scan(2, 5'000), world_.Redeem(1, 1), world_.Redeem(2, 1), world_.Visit(1)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "IDENTIFIER_BLOCKED", "MEMBER_BLOCKED", "OK"));
  EXPECT_EQ(test::ScanOf(answers[0]).rejected(0).reason(), "IDENTIFIER_BLOCKED");
  EXPECT_EQ(test::ScanOf(answers[1]).rejected(0).reason(), "MEMBER_BLOCKED");
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts WHERE member_id IS NULL"), 2);
  EXPECT_EQ(world_.BalanceOf(2).available, 100);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM visits"), 0);
}

TEST_P(RunBatchTest, ADryRunAnswersAndWritesNothing) {
  world_.Must(world_.Scan(1, 10'000));
  const auto before = world_.database().RowCounts();
  for (Command command : {world_.Scan(1, 5'000), world_.Scan(2, 5'000), world_.Visit(1), world_.Redeem(1, 60)}) {
    command.dry_run = true;
    const auto answer = world_.Run(command);
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->result.empty());
  }
  Command quote = world_.Scan(1, 5'000);
  quote.dry_run = true;
  EXPECT_EQ(test::ScanOf(world_.Run(quote)).sale().points_earned(), 50);
  EXPECT_EQ(world_.Run(quote)->member->balance.available, 150);
  EXPECT_EQ(world_.database().RowCounts(), before);
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_P(RunBatchTest, ACopyAfterItsNotAfterIsRefusedUnlessItWasAnswered) {
  Command scan = world_.Scan(1, 10'000);
  scan.not_after = world_.now;
  Command late = world_.Scan(1, 10'000);
  late.not_after = world_.now;
  world_.Must(scan);
  world_.now += 1;
  EXPECT_THAT(Outcomes(world_.Run({scan, late})), ElementsAre("OK", "NOT_AFTER_PASSED"));
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

}  // namespace
}  // namespace loyalty
