#include "retention/judge.h"

#include <gtest/gtest.h>

#include "domain/time.h"
#include "retention/predict.h"
#include "retention/season.h"
#include "tests/retention/lifecycle_world.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using test::AnyMeasure;

Day On(const char* day) { return *ParseDay(day); }

MemberSummary Bought(const std::vector<Day>& days, std::int64_t amount = 1'000) {
  std::vector<MemberDay> rows;
  for (const Day day : days) rows.push_back({day, amount, 0, 1});
  return Summarise(rows);
}

TEST(Judge, WhoHasNotBoughtIsAcquired) {
  const Judge judge(AnyMeasure(1, true));
  const Facts registered{.enrolled_day = 100};
  const Facts card{.enrolled_day = 100, .anonymous = true};
  const auto verdict = [](Segment segment, LostStage lost) {
    return Verdict{{Stage::kAcquire, segment, lost}, LifecycleRule::kNotBought};
  };
  EXPECT_EQ(judge.On(registered, false, 130), verdict(Segment::kRegistered, LostStage::kNone));
  EXPECT_EQ(judge.On(registered, false, 131), verdict(Segment::kDormantRegistrant, LostStage::kNeverBought));
  EXPECT_EQ(judge.On(card, false, 999), verdict(Segment::kProspect, LostStage::kNone));
  EXPECT_EQ(judge.NextChange(registered, false, 100)->day, 131);
  EXPECT_EQ(judge.NextChange(registered, false, 131), std::nullopt);
  EXPECT_EQ(judge.NextChange(card, false, 100), std::nullopt);
}

TEST(Judge, ABuyersStageIsThatOfItsSegmentUntilItLapses) {
  Measure measure = AnyMeasure(1, false);
  measure.typical_gap_days = 20;  // lapsed after 40 days of silence
  const Judge judge(measure);
  const Facts facts{.summary = Bought({1'000}), .enrolled_day = 900};
  EXPECT_EQ(judge.On(facts, false, 1'000).standing, (Standing{Stage::kConvert, Segment::kNewCustomers, {}}));
  const Verdict lapsed = judge.On(facts, false, 1'040);
  EXPECT_EQ(lapsed.standing, (Standing{Stage::kReactivate, Segment::kNewCustomers, LostStage::kOneTimeBuyer}));
  EXPECT_EQ(lapsed.rule, LifecycleRule::kOverdue);
  EXPECT_EQ(judge.On(facts, false, 1'039).standing.stage, Stage::kConvert);
  EXPECT_EQ(judge.On(facts, true, 1'001).rule, LifecycleRule::kKept) << "only a purchase leads out";
  EXPECT_EQ(judge.On(facts, false, 1'000 + 730).standing.lost, LostStage::kWrittenOff);
}

TEST(Judge, FloorAndCeilingOfTheShopBoundTheModel) {
  Measure measure = AnyMeasure(2, true);
  measure.rules.lapse_floor_days = 60;
  measure.rules.lapse_ceiling_days = 70;
  const Judge judge(measure);
  const Facts often{.summary = Bought({1'000, 1'003, 1'006, 1'009, 1'012})};
  EXPECT_LT(judge.OverdueDay(often.summary), 1'012 + 60);
  EXPECT_EQ(judge.On(often, false, 1'012 + 59).rule, LifecycleRule::kSegment);
  EXPECT_EQ(judge.On(often, false, 1'012 + 60).rule, LifecycleRule::kOverdue);
  const Facts seldom{.summary = Bought({1'000, 1'200, 1'400})};
  EXPECT_EQ(judge.On(seldom, false, 1'400 + 69).rule, LifecycleRule::kSegment);
  EXPECT_EQ(judge.On(seldom, false, 1'400 + 70).rule, LifecycleRule::kCeiling);
}

TEST(Judge, LostStagesSayHowFarACustomerHadCome) {
  const Judge judge(AnyMeasure(1, false));
  const auto lost = [&](const std::vector<Day>& days, bool retained) {
    return judge.On({.summary = Bought(days), .retained = retained}, true, days.back() + 1).standing.lost;
  };
  EXPECT_EQ(lost({1}, false), LostStage::kOneTimeBuyer);
  EXPECT_EQ(lost({1, 9}, false), LostStage::kEarlyRepeater);
  EXPECT_EQ(lost({1, 9, 12}, false), LostStage::kEarlyRepeater);
  EXPECT_EQ(lost({1, 9, 12, 20}, false), LostStage::kRegular);
  EXPECT_EQ(lost({1, 9}, true), LostStage::kLoyal);
}

TEST(Judge, ACustomerOfOneSeasonIsNotLostBeforeItHasPassed) {
  const Judge judge(AnyMeasure(1, true));
  const Facts facts{.summary = Bought({On("2024-12-01"), On("2024-12-20"), On("2025-12-03")})};
  const Verdict spared = judge.On(facts, false, On("2026-12-31"));
  EXPECT_EQ(spared.rule, LifecycleRule::kSeason);
  EXPECT_NE(spared.standing.stage, Stage::kReactivate);
  EXPECT_EQ(judge.On(facts, false, On("2027-01-01")).standing.stage, Stage::kReactivate);
  EXPECT_EQ(judge.NextChange(facts, false, On("2025-12-03"))->day, On("2027-01-01"));
}

// The rules word by word, on one day, from the formulas of predict.h.
bool LapsedByDefinition(const Measure& measure, const MemberSummary& summary, Day day) {
  const int silent = day - summary.last_day;
  if (const auto season = SeasonOf(summary, 8'000); season && day <= SeasonEndAfter(*season, summary.last_day))
    return false;
  if (silent >= measure.rules.lapse_ceiling_days) return true;
  if (silent < measure.rules.lapse_floor_days) return false;
  const History history = *HistoryOf(summary, day);
  return Overdue(*measure.model, history) >= 0.9 || ProbabilityAlive(*measure.model, history) < 0.2;
}

TEST(Judge, LapsesWhenTheFormulasSaySo) {
  test::Check(
      [] {
        const Measure measure = AnyMeasure(*rc::gen::inRange(1, 6), true);
        const Judge judge(measure);
        const Facts facts{.summary = Summarise(*test::AnyPurchases())};
        const Day day = facts.summary.last_day + *rc::gen::inRange(0, 900);
        const bool lapsed = judge.On(facts, false, day).rule != LifecycleRule::kSegment &&
                            judge.On(facts, false, day).rule != LifecycleRule::kSeason;
        RC_ASSERT(lapsed == LapsedByDefinition(measure, facts.summary, day));
      },
      5);
}

TEST(Judge, WrittenOffWhenAPurchaseInTheOwnCycleIsHopeless) {
  test::Check(
      [] {
        const Measure measure = AnyMeasure(*rc::gen::inRange(1, 6), true);
        const Judge judge(measure);
        const Facts facts{.summary = Summarise(*test::AnyPurchases())};
        const Day day = facts.summary.last_day + *rc::gen::inRange(0, 900);
        const History history = *HistoryOf(facts.summary, day);
        const double own = ProbabilityToBuy(*measure.model, history, PersonalCycleDays(*measure.model, history));
        const bool hopeless = own < 0.02 || day - facts.summary.last_day >= 730;
        RC_ASSERT((judge.On(facts, true, day).standing.lost == LostStage::kWrittenOff) == hopeless);
      },
      5);
}

// What a timer relies on: nothing changes before the day that is named, and something does on it.
TEST(Judge, NextChangeAgreesWithEveryDay) {
  test::Check(
      [] {
        const Measure measure = AnyMeasure(*rc::gen::inRange(1, 6), *rc::gen::arbitrary<bool>());
        const Judge judge(measure);
        const bool lapsed = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});
        const Facts facts{.summary = Summarise(*test::AnyPurchases()), .retained = *rc::gen::arbitrary<bool>()};
        const Day day = facts.summary.last_day + *rc::gen::inRange(0, 400);
        const Standing now = judge.On(facts, lapsed, day).standing;
        const auto next = judge.NextChange(facts, lapsed, day);
        const Day end = next ? next->day : day + 2'500;
        for (Day then = day + 1; then < end; ++then) RC_ASSERT(judge.On(facts, lapsed, then).standing == now);
        if (next) {
          RC_ASSERT(judge.On(facts, lapsed, next->day) == next->verdict);
          RC_ASSERT(next->verdict.standing != now);
        }
      },
      3);
}

TEST(Judge, WasRetainedAgreesWithEveryDay) {
  test::Check([] {
    const Judge judge(AnyMeasure(*rc::gen::inRange(1, 4), *rc::gen::arbitrary<bool>()));
    const auto days = *test::AnyPurchases();
    const Day until = days.back().day + *rc::gen::inRange(0, 300);
    bool retained = false;
    for (Day day = days.front().day; day <= until; ++day) {
      const Facts facts{.summary = Summarise(DaysUntil(days, day))};
      retained = retained || judge.On(facts, false, day).standing.stage == Stage::kRetain;
    }
    RC_ASSERT(judge.WasRetained(days, until) == retained);
  });
}

TEST(Judge, HasNoLimitOfPurchases) {
  const Judge judge(AnyMeasure(3, true));
  MemberSummary summary = Bought({1, 2});
  summary.last_day = 20'000;
  summary.days = 20'000;
  EXPECT_GT(judge.CycleDays(summary), 0);
  EXPECT_EQ(judge.On({.summary = summary}, false, 20'000).rule, LifecycleRule::kSegment);
}

// What storage::ReadPositions leaves out.
TEST(Judge, AsksForNothingElseOfWhatWasBought) {
  test::Check([] {
    const Judge judge(AnyMeasure(*rc::gen::element(1, 2), *rc::gen::arbitrary<bool>()));
    const auto days = *test::AnyPurchases();
    const bool lapsed = *rc::gen::arbitrary<bool>();
    const Facts facts{.summary = Summarise(days), .retained = *rc::gen::arbitrary<bool>()};
    Facts part = facts;
    part.summary = {.first_day = facts.summary.first_day,
                    .last_day = facts.summary.last_day,
                    .days = facts.summary.days,
                    .amount = facts.summary.amount,
                    .quarter_amount = facts.summary.quarter_amount,
                    .quarter_years = facts.summary.quarter_years};
    if (days.empty()) return;
    part.enrolled_day = 77;
    for (const int later : {0, 10, 40, 200, 800}) {
      const Day day = days.back().day + later;
      RC_ASSERT(judge.On(part, lapsed, day) == judge.On(facts, lapsed, day));
      const auto change = judge.NextChange(part, lapsed, day), expected = judge.NextChange(facts, lapsed, day);
      RC_ASSERT(change.has_value() == expected.has_value());
      if (change) RC_ASSERT(change->day == expected->day);
      if (change) RC_ASSERT(change->verdict == expected->verdict);
    }
  });
}

}  // namespace
}  // namespace loyalty::retention
