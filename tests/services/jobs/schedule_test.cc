#include "services/jobs/schedule.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"

namespace loyalty {
namespace {

absl::TimeZone Berlin() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Berlin", &zone));
  return zone;
}

Instant At(const char* local) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", local, Berlin(), &time, &error)) << error;
  return absl::ToUnixMicros(time);
}

TEST(Schedule, ClassifiesEachDayAtItsMinuteOfTheProgramsZone) {
  const RetentionPlan plan;
  EXPECT_EQ(LastClassification(plan, At("2026-11-25 03:00"), Berlin()), At("2026-11-25 03:00"));
  EXPECT_EQ(LastClassification(plan, At("2026-11-25 02:59"), Berlin()), At("2026-11-24 03:00"));
  EXPECT_EQ(LastClassification(plan, At("2026-11-25 23:30"), Berlin()), At("2026-11-25 03:00"));
  EXPECT_EQ(LastClassification({.classify_minute = -1}, At("2026-11-25 23:30"), Berlin()), std::nullopt);
}

TEST(Schedule, FitsOnceAWeek) {
  const RetentionPlan plan;  // Monday 02:00
  EXPECT_EQ(LastFit(plan, At("2026-11-25 12:00"), Berlin()), At("2026-11-23 02:00"));
  EXPECT_EQ(LastFit(plan, At("2026-11-23 01:59"), Berlin()), At("2026-11-16 02:00"));
  EXPECT_EQ(LastFit({.fit_weekday = 7}, At("2026-11-25 12:00"), Berlin()), At("2026-11-22 02:00"));
  EXPECT_EQ(LastFit({.fit_weekday = 0}, At("2026-11-25 12:00"), Berlin()), std::nullopt);
}

Instant Utc(const char* time_of_day) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", time_of_day, absl::UTCTimeZone(), &time, &error)) << error;
  return absl::ToUnixMicros(time);
}

// 02:30 does not exist on 2026-03-29, a day of 23 hours: the first minute after it is 03:00, 01:00 UTC.
TEST(Schedule, AMinuteThatTheClockJumpsOverIsTheFirstAfterIt) {
  const RetentionPlan plan{.classify_minute = 150};
  const auto last = [&](const char* now) { return LastClassification(plan, Utc(now), Berlin()); };
  EXPECT_EQ(last("2026-03-29 00:59:59"), Utc("2026-03-28 01:30:00"));
  EXPECT_EQ(last("2026-03-29 01:00:00"), Utc("2026-03-29 01:00:00"));
  EXPECT_EQ(last("2026-03-29 10:00:00"), Utc("2026-03-29 01:00:00"));
  EXPECT_EQ(last("2026-03-30 00:29:59"), Utc("2026-03-29 01:00:00"));
  EXPECT_EQ(last("2026-03-30 00:30:00"), Utc("2026-03-30 00:30:00"));
}

// 02:30 comes twice on 2026-10-25, a day of 25 hours: the first one counts, and the second is none of its own.
TEST(Schedule, AMinuteThatComesTwiceIsTheFirstOfThem) {
  const RetentionPlan plan{.classify_minute = 150};
  const auto last = [&](const char* now) { return LastClassification(plan, Utc(now), Berlin()); };
  EXPECT_EQ(last("2026-10-25 00:29:59"), Utc("2026-10-24 00:30:00"));
  EXPECT_EQ(last("2026-10-25 00:30:00"), Utc("2026-10-25 00:30:00"));
  EXPECT_EQ(last("2026-10-25 01:30:00"), Utc("2026-10-25 00:30:00"));
  EXPECT_EQ(last("2026-10-26 01:29:59"), Utc("2026-10-25 00:30:00"));
  EXPECT_EQ(last("2026-10-26 01:30:00"), Utc("2026-10-26 01:30:00"));
}

// Sundays both.
TEST(Schedule, AFitKeepsItsHourAcrossAChangeOfTheClock) {
  const RetentionPlan plan{.fit_weekday = 7};  // 02:00
  const auto last = [&](const char* now) { return LastFit(plan, Utc(now), Berlin()); };
  EXPECT_EQ(last("2026-03-29 00:59:59"), Utc("2026-03-22 01:00:00"));
  EXPECT_EQ(last("2026-03-29 01:00:00"), Utc("2026-03-29 01:00:00"));
  EXPECT_EQ(last("2026-10-25 01:00:00"), Utc("2026-10-25 00:00:00"));
  EXPECT_EQ(last("2026-11-01 00:59:59"), Utc("2026-10-25 00:00:00"));
}

}  // namespace
}  // namespace loyalty
