#include "retention/season.h"

#include <gtest/gtest.h>

#include "domain/time.h"
#include "retention/quarter.h"

namespace loyalty::retention {
namespace {

Day On(const char* day) { return *ParseDay(day); }

MemberSummary Bought(const std::vector<std::pair<const char*, std::int64_t>>& days) {
  std::vector<MemberDay> rows;
  for (const auto& [day, amount] : days) rows.push_back({On(day), amount, 0, 1});
  return Summarise(rows);
}

TEST(Quarter, BeginsAndEndsWithItsMonths) {
  EXPECT_EQ(QuarterOf(On("2025-12-31")) + 1, QuarterOf(On("2026-01-01")));
  EXPECT_EQ(QuarterOf(On("2026-01-01")), QuarterOf(On("2026-03-31")));
  EXPECT_EQ(SeasonIndex(QuarterOf(On("1969-05-01"))), 1);
  EXPECT_EQ(LastDayOf(QuarterOf(On("2026-02-10"))), On("2026-03-31"));
  EXPECT_EQ(FirstDayOf(QuarterOf(On("2026-12-24"))), On("2026-10-01"));
}

TEST(SeasonOf, WantsTheShareInTwoYears) {
  EXPECT_EQ(SeasonOf(Bought({{"2024-12-01", 40}, {"2025-11-05", 40}, {"2025-06-01", 20}}), 8'000), 3);
  EXPECT_EQ(SeasonOf(Bought({{"2024-12-01", 40}, {"2025-11-05", 39}, {"2025-06-01", 21}}), 8'000), std::nullopt);
  EXPECT_EQ(SeasonOf(Bought({{"2025-10-01", 40}, {"2025-11-05", 60}}), 8'000), std::nullopt) << "one year only";
  EXPECT_EQ(SeasonOf(Bought({{"2024-12-01", 0}, {"2025-11-05", 0}}), 8'000), std::nullopt) << "nothing spent";
  EXPECT_EQ(SeasonOf({}, 8'000), std::nullopt);
}

TEST(SeasonEndAfter, IsThatOfTheNextOccasion) {
  EXPECT_EQ(SeasonEndAfter(3, On("2025-11-05")), On("2026-12-31")) << "this one is used";
  EXPECT_EQ(SeasonEndAfter(3, On("2026-02-01")), On("2026-12-31"));
  EXPECT_EQ(SeasonEndAfter(0, On("2025-12-31")), On("2026-03-31"));
}

}  // namespace
}  // namespace loyalty::retention
