#include "retention/cohort.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <vector>

#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

Day DayOf(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days date = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  return static_cast<Day>(date.time_since_epoch().count());
}

Month Of(int year, int month) { return 12 * (year - 1970) + month - 1; }

TEST(Month, FollowsTheCalendar) {
  EXPECT_EQ(MonthOf(0), 0);
  EXPECT_EQ(MonthOf(-1), -1);
  EXPECT_EQ(MonthOf(DayOf(1997, 1, 31)), Of(1997, 1));
  EXPECT_EQ(MonthOf(DayOf(2024, 2, 29)), Of(2024, 2));
  EXPECT_EQ(MonthOf(DayOf(2024, 3, 1)), Of(2024, 3));
}

TEST(Month, Name) {
  EXPECT_EQ(MonthName(0), "1970-01");
  EXPECT_EQ(MonthName(-1), "1969-12");
  EXPECT_EQ(MonthName(-12), "1969-01");
  EXPECT_EQ(MonthName(-13), "1968-12");
  EXPECT_EQ(MonthName(Of(1997, 3)), "1997-03");
  EXPECT_EQ(MonthName(Of(2026, 12)), "2026-12");
}

TEST(CohortTable, MemberCountsOnceAMonthInTheCohortOfItsFirstPurchase) {
  CohortTable table(Of(1997, 1), Of(1997, 4));
  table.Add(
      std::vector{DayOf(1997, 1, 2), DayOf(1997, 1, 30), DayOf(1997, 2, 1), DayOf(1997, 4, 9), DayOf(1997, 4, 10)});
  table.Add(std::vector{DayOf(1997, 1, 5)});
  table.Add(std::vector{DayOf(1997, 2, 5), DayOf(1997, 3, 5)});
  table.Add(std::vector<Day>{});
  EXPECT_EQ(table.Members(Of(1997, 1), 0), 2);
  EXPECT_EQ(table.Members(Of(1997, 1), 1), 1);
  EXPECT_EQ(table.Members(Of(1997, 1), 2), 0);
  EXPECT_EQ(table.Members(Of(1997, 1), 3), 1);
  EXPECT_EQ(table.Members(Of(1997, 2), 0), 1);
  EXPECT_EQ(table.Members(Of(1997, 2), 1), 1);
  EXPECT_EQ(table.Active(Of(1997, 2)), 2);
  EXPECT_EQ(table.Stayed(Of(1997, 2)), 1);
  EXPECT_EQ(table.Stayed(Of(1997, 3)), 1);
  EXPECT_EQ(table.Stayed(Of(1997, 4)), 0) << "the month between is missing";
}

TEST(CohortTable, OldMemberIsActiveButOfNoCohort) {
  CohortTable table(Of(1997, 2), Of(1997, 3));
  table.Add(std::vector{DayOf(1997, 1, 2), DayOf(1997, 2, 1), DayOf(1997, 3, 1), DayOf(1997, 4, 1)});
  EXPECT_EQ(table.Active(Of(1997, 2)), 1);
  EXPECT_EQ(table.Stayed(Of(1997, 2)), 0) << "January is not in the window";
  EXPECT_EQ(table.Stayed(Of(1997, 3)), 1);
  for (const Month cohort : {Of(1997, 1), Of(1997, 2), Of(1997, 3)})
    for (const Month later : {0, 1, 2}) EXPECT_EQ(table.Members(cohort, later), 0);
}

TEST(CohortTable, OutsideTheWindowIsNothing) {
  CohortTable table(10, 11);
  EXPECT_EQ(table.Members(9, 0), 0);
  EXPECT_EQ(table.Members(10, -1), 0);
  EXPECT_EQ(table.Members(11, 1), 0);
  EXPECT_EQ(table.Active(12), 0);
  EXPECT_EQ(table.Stayed(9), 0);
}

TEST(CohortTable, ColumnsOfAllCohortsAddUpToTheActive) {
  test::Check(
      [] {
        const auto members = *rc::gen::container<std::vector<std::set<Day>>>(
            rc::gen::container<std::set<Day>>(rc::gen::inRange(0, 200)));
        CohortTable table(0, 6);
        for (const auto& days : members) table.Add(std::vector<Day>(days.begin(), days.end()));
        for (Month month = 0; month <= 6; ++month) {
          std::int64_t of_cohorts = 0;
          std::int64_t active = 0;
          std::int64_t stayed = 0;
          for (Month cohort = 0; cohort <= month; ++cohort) of_cohorts += table.Members(cohort, month - cohort);
          for (const auto& days : members) {
            std::set<Month> months;
            for (const Day day : days) months.insert(MonthOf(day));
            active += static_cast<std::int64_t>(months.count(month));
            stayed += static_cast<std::int64_t>(months.count(month) * months.count(month - 1));
          }
          RC_ASSERT(of_cohorts == active);
          RC_ASSERT(table.Active(month) == active);
          RC_ASSERT(table.Stayed(month) == stayed);
        }
      },
      2);
}

}  // namespace
}  // namespace loyalty::retention
