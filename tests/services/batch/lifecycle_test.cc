// The lifecycle on the write path.

#include <gtest/gtest.h>

#include "storage/transitions.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using retention::Cause;
using retention::Stage;

// Moves of members in the transaction of the receipt. BatchWorld checks that each begins where the last one led.
class LifecycleTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  std::vector<storage::TransitionRow> Moves() {
    return storage::ReadTransitions(world_.session(), {}, retention::kNeverDay, 1'000);
  }
  Day Today() const { return DayOf(world_.now, world_.snapshot()->zone); }
  // By an admin, with the business time of another day.
  Command ScanOn(int card, Minor cents, Day day) {
    Command command = world_.Scan(card, cents);
    auto& scan = std::get<Scan>(command.payload);
    scan.place.is_admin = true;
    scan.receipt->business_time += (day - Today()) * kDayLength;
    return command;
  }

  test::BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, LifecycleTest, test::kBothEngines, test::EngineName);

TEST_P(LifecycleTest, BeforeTheFirstMeasureNobodyIsClassified) {
  EXPECT_EQ(world_.Must(world_.Scan(1, 1'000)).member->lifecycle, retention::LifecycleState());
  EXPECT_TRUE(Moves().empty());
}

TEST_P(LifecycleTest, AFirstReceiptConvertsAndIsNamedInTheLog) {
  world_.LayDownMeasure();
  const Answer answer = world_.Must(world_.Scan(1, 1'000));
  EXPECT_EQ(answer.member->lifecycle.standing.stage, Stage::kConvert);
  const auto moves = Moves();
  ASSERT_EQ(moves.size(), 1);
  EXPECT_EQ(moves[0].transition.from, retention::Standing());
  EXPECT_EQ(moves[0].transition.cause, Cause::kReceipt);
  EXPECT_EQ(moves[0].run_id, 1);
  EXPECT_EQ(moves[0].receipt_id, world_.database().Number("SELECT id FROM receipts"));
  EXPECT_GT(answer.member->lifecycle.due_day, Today());
  EXPECT_EQ(world_.database().Number("SELECT due_day FROM members"), answer.member->lifecycle.due_day);
}

TEST_P(LifecycleTest, WhatTimeHasDoneIsWrittenBeforeTheReceiptAndWithItsOwnDays) {
  world_.LayDownMeasure();
  world_.Must(world_.Scan(1, 1'000));
  world_.now += 200 * kDayLength;
  const Answer back = world_.Must(world_.Scan(1, 1'000));
  const auto moves = Moves();
  ASSERT_GT(moves.size(), 3);
  for (std::size_t i = 1; i + 1 < moves.size(); ++i) {
    EXPECT_EQ(moves[i].transition.cause, Cause::kTimer);
    EXPECT_GT(moves[i].transition.day, moves[i - 1].transition.day);
    EXPECT_LT(moves[i].transition.day, Today());
    EXPECT_EQ(moves[i].receipt_id, 0);
  }
  EXPECT_EQ(moves[moves.size() - 2].transition.to.stage, Stage::kReactivate);
  EXPECT_EQ(moves.back().transition.cause, Cause::kReceipt);
  EXPECT_EQ(moves.back().transition.direction(), retention::Direction::kForward);
  EXPECT_NE(back.member->lifecycle.standing.stage, Stage::kReactivate);
}

TEST_P(LifecycleTest, AReceiptOfAnEarlierDayDoesNotEndALapse) {
  world_.LayDownMeasure();
  const Day first = Today();
  world_.Must(world_.Scan(1, 1'000));
  world_.now += 200 * kDayLength;
  EXPECT_EQ(world_.Must(ScanOn(1, 1'000, first - 5)).member->lifecycle.standing.stage, Stage::kReactivate);
  EXPECT_NE(world_.Must(ScanOn(1, 1'000, Today())).member->lifecycle.standing.stage, Stage::kReactivate);
}

TEST_P(LifecycleTest, ManyReceiptsOfABatchMoveAMemberOneAfterTheOther) {
  world_.LayDownMeasure();
  std::vector<Command> commands;
  for (int i = 12; i >= 0; --i) commands.push_back(ScanOn(1, 2'000, Today() - i));
  world_.Run(commands);
  const auto moves = Moves();
  ASSERT_GT(moves.size(), 2);
  EXPECT_EQ(moves.back().transition.to.stage, Stage::kRetain);
  EXPECT_EQ(world_.database().Number("SELECT retained FROM members"), 1);
}

TEST_P(LifecycleTest, EnrolmentNamesAProspect) {
  world_.LayDownMeasure();
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->lifecycle.standing.segment, retention::Segment::kProspect);
  EXPECT_EQ(world_.Must(world_.Enroll({1})).member->lifecycle.standing.segment, retention::Segment::kRegistered);
  const auto moves = Moves();
  ASSERT_EQ(moves.size(), 2);
  EXPECT_EQ(moves[1].transition.cause, Cause::kManual);
  EXPECT_EQ(moves[1].transition.direction(), retention::Direction::kSame);
}

TEST_P(LifecycleTest, ARedemptionShowsWhereItsMemberStandsAndMovesNobody) {
  world_.LayDownMeasure();
  world_.Must(world_.Scan(1, 100'000));
  const Answer redeemed = world_.Must(world_.Redeem(1, 100));
  EXPECT_EQ(redeemed.member->lifecycle.standing.stage, Stage::kConvert);
  EXPECT_EQ(Moves().size(), 1);
}

}  // namespace
}  // namespace loyalty
