#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <sstream>

#include "clients/demo/redemption_plan.h"
#include "clients/demo/report.h"
#include "clients/demo/survey.h"
#include "clients/generate/writer.h"
#include "clients/generate/year.h"
#include "clients/parallel.h"
#include "tests/clients/text_source.h"

namespace loyalty::client {
namespace {

using ::testing::HasSubstr;

Day DayFrom(const char* text) { return *ParseDay(text); }

TEST(WholeWeeksBefore, MovesToTheLatestSameWeekdayBeforeToday) {
  struct Case {
    const char* last_day;
    const char* today;
    int days;
  };
  for (const auto& test : std::vector<Case>{
           {"2017-12-31", "2026-11-22", 463 * 7},  // Sunday to the Sunday before a Sunday
           {"2017-12-31", "2026-11-23", 464 * 7},  // on Monday it is yesterday
           {"2026-11-21", "2026-11-22", 0},        // yesterday
           {"2026-11-22", "2026-11-22", -7},       // today is not before today
           {"2026-11-15", "2026-11-22", 0},
           {"2026-11-14", "2026-11-22", 7},
           {"2027-01-01", "2026-11-22", -42},  // a file of the future
       }) {
    const int days = WholeWeeksBefore(DayFrom(test.last_day), DayFrom(test.today));
    EXPECT_EQ(days, test.days) << test.last_day;
    EXPECT_EQ(days % 7, 0);
    EXPECT_LT(DayFrom(test.last_day) + days, DayFrom(test.today));
    EXPECT_GE(DayFrom(test.last_day) + days, DayFrom(test.today) - 7);
  }
}

Survey SurveyOf(const std::string& csv) {
  Survey survey;
  auto reader = ReceiptReader::Open(TextSource(csv), StoreZones(), 0);
  EXPECT_TRUE(reader.has_value());
  for (;;) {
    const auto receipt = reader->Next();
    EXPECT_TRUE(receipt.has_value());
    if (!receipt || !receipt->has_value()) return survey;
    EXPECT_EQ((*receipt)->reason, "") << (*receipt)->message;
    AddToSurvey(**receipt, absl::UTCTimeZone(), survey);
  }
}

// Every receipt of it is one the till's reader takes.
TEST(Survey, OfAGeneratedYearNamesItsStoresTerminalsCardsAndDays) {
  Year year({.members = 300, .days = 20, .returns = false});
  std::string csv = ReceiptsHeader();
  while (year.NextDay([&csv](const GeneratedReceipt& receipt) { AppendReceipt(receipt, csv); })) {
  }
  const Survey survey = SurveyOf(csv);
  EXPECT_EQ(survey.stores, (std::set<std::string>{"S1", "S2"}));
  EXPECT_EQ(survey.terminals.size(), 6U);
  EXPECT_GT(survey.cards.size(), 50U);
  EXPECT_EQ(survey.first_day, DayFrom("2025-01-01"));
  EXPECT_EQ(survey.last_day, DayFrom("2025-01-20"));
}

TEST(RedemptionPlan, NobodySpendsMoreThanThereIs) {
  const std::vector<Points> balances{0, 99, 100, 450, 1'000, 149, 10'000};
  const auto plan = PlanRedemptions(balances, 1'000);
  std::map<std::size_t, Points> spent;
  std::set<Spend> kinds;
  for (const auto& redemption : plan) {
    spent[redemption.member] += redemption.points;
    kinds.insert(redemption.spend);
  }
  for (std::size_t i = 0; i < balances.size(); ++i) EXPECT_LE(spent[i], balances[i]);
  EXPECT_EQ(spent[0] + spent[1], 0);
  EXPECT_EQ(kinds.size(), 4U);
  EXPECT_LT(plan.size(), 1'000U);  // the points ran out
}

TEST(RedemptionPlan, IsSpreadOverMembersBeforeAnyComesAgain) {
  const auto plan = PlanRedemptions(std::vector<Points>(100, 1'000), 150);
  ASSERT_EQ(plan.size(), 150U);
  std::set<std::size_t> members;
  for (std::size_t i = 0; i < 100; ++i) members.insert(plan[i].member);
  EXPECT_EQ(members.size(), 100U);
}

TEST(DemoReport, PurchaseDaysFallIntoTheirClasses) {
  const std::vector<std::pair<std::int64_t, std::size_t>> cases{{0, 0},  {1, 1},  {2, 2},  {3, 3},  {5, 3},  {6, 4},
                                                                {10, 4}, {11, 5}, {20, 5}, {21, 6}, {400, 6}};
  for (const auto& [days, expected] : cases) EXPECT_EQ(PurchaseDayClass(days), expected) << days;
}

TEST(DemoReport, FitsAScreenAndItsPointsAddUp) {
  DemoReport report;
  report.replay.rejected = 3;
  report.replay.rejects = "build/demo/sqlite/client/demo.rejects.csv";
  report.replay.taken = 47'243;
  report.replay.seconds = 4;
  report.replay.points_earned = 1'000;
  report.points_burnt = 300;
  report.points_outstanding = 690;
  report.currency = "EUR";
  report.by_purchase_days = {1, 10, 20, 1'000, 30, 0, 5};
  for (int i = 0; i < 9; ++i) report.by_store["S" + std::to_string(i)] = {i * 10, i};
  const std::string text = RenderReport(report, false);
  EXPECT_THAT(text, HasSubstr("47,243 in 4.0 s: 11,810 per second"));
  EXPECT_THAT(text, HasSubstr("1,000 issued, 300 burnt, 690 outstanding, 10 expired"));
  EXPECT_THAT(text, HasSubstr("S8"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("S3")));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 16);
  report.replay.replayed = 47'000;
  const std::string again = RenderReport(report, false);
  EXPECT_THAT(again, HasSubstr("47,000 of the receipts were there already"));
  EXPECT_THAT(again, ::testing::Not(HasSubstr("expired")));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(ForEachParallel, DoesEachOnceAndStopsAtAFailure) {
  std::vector<std::atomic<int>> done(1000);
  EXPECT_FALSE(ForEachParallel(done.size(), 8, [&](std::size_t i) -> Outcome {
    ++done[i];
    return {};
  }));
  for (const auto& count : done) EXPECT_EQ(count, 1);
  std::atomic<int> calls = 0;
  const auto outcome = ForEachParallel(1'000'000, 8, [&](std::size_t i) -> Outcome {
    ++calls;
    if (i == 10) return UsageFailure("ten");
    return {};
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->what, "ten");
  EXPECT_LT(calls, 1'000'000);
  EXPECT_FALSE(ForEachParallel(0, 8, [](std::size_t) -> Outcome { return UsageFailure("never"); }));
}

}  // namespace
}  // namespace loyalty::client
