#include "services/batch/run_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/sealed_text.h"
#include "storage/member_reads.h"
#include "storage/names.h"
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
  EXPECT_TRUE(result.rejected(0).identifier());
  EXPECT_EQ(result.rejected(0).reason(), v1::ERROR_REASON_MEMBER_UNKNOWN);
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
    EXPECT_EQ(answers[first]->bytes, answers[again]->bytes);
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
    EXPECT_EQ(first[i]->bytes, again[i]->bytes);
    EXPECT_TRUE(again[i]->replayed);
    ASSERT_TRUE(again[i]->member);
    EXPECT_EQ(again[i]->member->name, first[i]->member->name);
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
  EXPECT_EQ(world_.database().Number("SELECT receipts FROM members"), 2);
}

TEST_P(RunBatchTest, AnEnrolmentAndTheFirstScanOfItsCardsSeeEachOther) {
  const auto answers = world_.Run(
      {world_.Enroll({1'000'001, 5}), world_.Scan(1'000'001, 10'000), world_.Scan(5, 10'000), world_.Redeem(5, 150)});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "OK", "OK"));
  EXPECT_TRUE(test::EnrollOf(answers[0]).created());
  EXPECT_EQ(test::ScanOf(answers[1]).member(), test::EnrollOf(answers[0]).member());
  EXPECT_EQ(answers[1]->member->greeting, "Ada");
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

// The log of a member holds every sale, also one that earns nothing.
TEST_P(RunBatchTest, ASaleWithoutPointsIsAnEntryToo) {
  const auto answers = world_.Run({world_.Scan(1, 10'000), world_.Scan(1, 99)});
  EXPECT_EQ(test::ScanOf(answers[1]).sale().points_earned(), 0);
  EXPECT_EQ(test::ScanOf(answers[1]).member_seq(), 2);
  EXPECT_EQ(world_.database().Number("SELECT sale_amount FROM entries WHERE type = 18"), 99);
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_P(RunBatchTest, TwoAnonymousMembersCannotBeEnrolledAsOne) {
  world_.Run({world_.Scan(1, 10'000), world_.Scan(2, 5'000)});
  EXPECT_THAT(Outcomes(world_.Run({world_.Enroll({1, 2}), world_.Enroll({1, 3})})),
              ElementsAre("IDENTIFIER_TAKEN", "OK"));
}

// What is a person's is sealed with a key of the member's own.
TEST_P(RunBatchTest, APhoneNumberIsStoredAsAHashAndSealed) {
  const Identifier phone =
      NormaliseIdentifier(IdentifierKind::kPhone, "+49301234567", test::TestKeys().identifiers).value();
  const auto member = test::ScanOf(world_.Run(world_.Scan(1, 10'000))).member();
  const auto randoms = world_.randoms;
  world_.Must(world_.Link(member, phone));
  EXPECT_EQ(world_.randoms, randoms + 4) << "a secret of 32 bytes";
  const auto row = storage::ReadByKey<storage::IdentifierRow>(world_.session(), phone.key);
  const auto key = storage::ReadMemberKey(world_.session(), world_.MemberOf(1));
  ASSERT_TRUE(row && key);
  EXPECT_EQ(OpenText(key->secret, row->sealed_text), "+49301234567");
  Command redeem = world_.Redeem(1, 10);
  std::get<Redeem>(redeem.payload).identifier = phone;
  EXPECT_EQ(test::Outcome(world_.Run(redeem)), "OK");
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
  const std::string member = "members/" + world_.Must(world_.Visit(1)).member->name;
  // It is named when it is decided; here we know by which id.
  const std::int64_t id = world_.ids.Take() + 2;  // behind that of the command
  const std::string name =
      member + "/redemptions/" + storage::PublicName(Disguise(test::TestKeys().names, NameOf::kRedemption, id));
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
  std::get<CancelRedemption>(wrong_member.payload).member_name = "0000000000000000";
  Command wrong_store = world_.Cancel(name);
  std::get<CancelRedemption>(wrong_store.payload).place.store_id = 12;
  Command unknown = world_.Cancel(name);
  std::get<CancelRedemption>(unknown.payload).redemption_id = 1;
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
  world_.Edit<storage::IdentifierRow>("card:1", [](auto& row) { row.state = IdentifierState::kBlocked; });
  world_.Edit<storage::MemberRow>(world_.MemberOf(2), [](auto& row) { row.state = storage::MemberState::kBlocked; });
  const auto answers = world_.Run(
      {world_.Scan(1, 5'000), world_.Scan(2, 5'000), world_.Redeem(1, 1), world_.Redeem(2, 1), world_.Visit(1)});
  EXPECT_THAT(Outcomes(answers), ElementsAre("OK", "OK", "IDENTIFIER_BLOCKED", "MEMBER_BLOCKED", "OK"));
  EXPECT_EQ(test::ScanOf(answers[0]).rejected(0).reason(), v1::ERROR_REASON_IDENTIFIER_BLOCKED);
  EXPECT_EQ(test::ScanOf(answers[1]).rejected(0).reason(), v1::ERROR_REASON_MEMBER_BLOCKED);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts WHERE member_id IS NULL"), 2);
  EXPECT_EQ(world_.BalanceOf(2).available, 100);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM visits"), 0);
}

TEST_P(RunBatchTest, AQuoteAnswersAndWritesNothing) {
  world_.Must(world_.Scan(1, 10'000));
  const auto before = world_.database().RowCounts();
  for (const Command& command : {world_.Scan(1, 5'000), world_.Scan(2, 5'000), world_.Visit(1), world_.Redeem(1, 60)}) {
    const auto answer = world_.Quote(command);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->result);
    EXPECT_FALSE(answer->replayed);
  }
  const auto quote = world_.Quote(world_.Scan(1, 5'000));
  EXPECT_EQ(dynamic_cast<const v1::ScanResult&>(*quote->result).sale().points_earned(), 50);
  EXPECT_EQ(quote->member->balance.available, 150);
  EXPECT_EQ(test::Outcome(world_.Quote(world_.Redeem(1, 101))), "INSUFFICIENT_POINTS");
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
