#include "retention/transition.h"

#include <gtest/gtest.h>

#include "tests/retention/lifecycle_world.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using test::AnyMeasure;

// A member whose receipts come in order, looked at on some days in between.
struct Life {
  const Judge& judge;
  Facts facts = {};
  LifecycleState state = {};
  std::vector<Transition> log = {};

  void Enrol(Day day) {
    facts.enrolled_day = day;
    Reclassify(judge, facts, day, Cause::kManual, false, state, log);
  }
  void Look(Day day) { AdvanceTo(judge, facts, day, state, log); }
  void Buy(const MemberDay& day) {
    AdvanceTo(judge, facts, day.day, state, log);
    std::optional<MemberDay> row;
    AddReceipt(facts.summary, row, {}, day.day, day.amount, day.discount);
    Reclassify(judge, facts, day.day, Cause::kReceipt, true, state, log);
  }
};

TEST(Transitions, DoNotDependOnHowOftenSomebodyLooks) {
  test::Check(
      [] {
        const Judge judge(AnyMeasure(*rc::gen::inRange(1, 4), *rc::gen::arbitrary<bool>()));
        const auto days = *test::AnyPurchases();
        const Day end = days.back().day + *rc::gen::inRange(0, 900);
        Life daily{judge}, seldom{judge};
        for (Life* life : {&daily, &seldom}) {
          life->Enrol(days.front().day - 40);
          Day day = days.front().day - 40;
          for (const MemberDay& bought : days) {
            for (; day < bought.day; ++day)
              if (life == &daily || day % 97 == 0) life->Look(day);
            life->Buy(bought);
          }
          for (; day < end; ++day)
            if (life == &daily) life->Look(day);
          life->Look(end);
        }
        RC_ASSERT(daily.log == seldom.log);
        RC_ASSERT(daily.state.standing == seldom.state.standing);
        RC_ASSERT(daily.state.since_day == seldom.state.since_day);
        RC_ASSERT(daily.state.due_day > end);
        RC_ASSERT(daily.state.retained == (judge.WasRetained(days, end)));
      },
      3);
}

// A run over all members and one over those whose day has come leave the same behind.
TEST(Transitions, ClassifyingTheSameAgainChangesNothing) {
  test::Check(
      [] {
        const Judge judge(AnyMeasure(*rc::gen::inRange(1, 4), *rc::gen::arbitrary<bool>()));
        const auto days = *test::AnyPurchases();
        Life life{judge};
        life.Enrol(days.front().day - 10);
        for (const MemberDay& bought : days) life.Buy(bought);
        const Day end = days.back().day + *rc::gen::inRange(0, 900);
        life.Look(end);
        Life again = life;
        Reclassify(judge, again.facts, end, Cause::kRefit, false, again.state, again.log);
        RC_ASSERT(again.state == life.state);
        RC_ASSERT(again.log == life.log);
      },
      3);
}

TEST(Transitions, AMeasureThatChangedIsNoBehaviour) {
  Measure strict = AnyMeasure(1, true), mild = strict;
  mild.rules.overdue = 9'990;
  mild.rules.alive = 1;
  mild.cut_points.recency_days_at_most = {900, 800, 700, 600};
  mild.rules.lapse_ceiling_days = 3'000;
  const Judge first(mild), second(strict);
  Life life{first};
  life.Enrol(1'000);
  life.Buy({1'010, 900, 0, 1});
  life.Look(1'200);
  EXPECT_EQ(life.state.standing.stage, Stage::kConvert);
  Reclassify(second, life.facts, 1'200, Cause::kRefit, false, life.state, life.log);
  EXPECT_EQ(life.log.back().cause, Cause::kRefit);
  EXPECT_EQ(life.log.back().direction(), Direction::kBackward);
  EXPECT_EQ(life.state.standing.stage, Stage::kReactivate);
  Reclassify(first, life.facts, 1'200, Cause::kRefit, false, life.state, life.log);
  EXPECT_EQ(life.state.standing.stage, Stage::kReactivate) << "only a purchase leads out";
  EXPECT_NE(life.state.due_day, kNeverDay);
}

TEST(Transitions, AFirstClassificationComesFromNowhere) {
  const Judge judge(AnyMeasure(1, true));
  Life life{judge};
  AdvanceTo(judge, life.facts, 5'000, life.state, life.log);
  EXPECT_EQ(life.log.size(), 0) << "who is not classified does not move";
  life.Buy({5'000, 100, 0, 1});
  ASSERT_EQ(life.log.size(), 1);
  EXPECT_EQ(life.log[0].from, Standing{});
  EXPECT_EQ(life.log[0].direction(), Direction::kSame);
}

TEST(DirectionOf, FollowsTheOrderOfTheStages) {
  EXPECT_EQ(DirectionOf(Stage::kReactivate, Stage::kAcquire), Direction::kForward);
  EXPECT_EQ(DirectionOf(Stage::kConvert, Stage::kRetain), Direction::kForward);
  EXPECT_EQ(DirectionOf(Stage::kRetain, Stage::kReactivate), Direction::kBackward);
  EXPECT_EQ(DirectionOf(Stage::kDevelop, Stage::kDevelop), Direction::kSame);
  EXPECT_EQ(DirectionOf(Stage::kNone, Stage::kDevelop), Direction::kSame);
}

}  // namespace
}  // namespace loyalty::retention
