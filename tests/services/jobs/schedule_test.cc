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

TEST(Schedule, AMinuteThatTheClockJumpsOverIsNotLost) {
  const RetentionPlan plan{.classify_minute = 150};  // 02:30 does not exist on 2026-03-29
  const auto jumped = LastClassification(plan, At("2026-03-29 12:00"), Berlin());
  ASSERT_TRUE(jumped);
  EXPECT_GE(*jumped, At("2026-03-29 01:59"));
  EXPECT_LE(*jumped, At("2026-03-29 04:00"));
  EXPECT_EQ(LastClassification(plan, At("2026-03-30 12:00"), Berlin()), At("2026-03-30 02:30"));
}

}  // namespace
}  // namespace loyalty
