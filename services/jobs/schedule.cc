#include "services/jobs/schedule.h"

#include "absl/time/civil_time.h"

namespace loyalty {
namespace {

// That minute of a day; where the clock jumps over it, the first that there is.
Instant At(absl::CivilDay day, int minute, const absl::TimeZone& zone) {
  const absl::CivilMinute local(day.year(), day.month(), day.day(), minute / 60, minute % 60);
  return absl::ToUnixMicros(absl::FromCivil(local, zone));
}

absl::CivilDay DayIn(Instant now, const absl::TimeZone& zone) {
  return absl::ToCivilDay(absl::FromUnixMicros(now), zone);
}

}  // namespace

std::optional<Instant> LastClassification(const RetentionPlan& plan, Instant now, const absl::TimeZone& zone) {
  if (plan.classify_minute < 0) return std::nullopt;
  absl::CivilDay day = DayIn(now, zone);
  while (At(day, plan.classify_minute, zone) > now) --day;
  return At(day, plan.classify_minute, zone);
}

std::optional<Instant> LastFit(const RetentionPlan& plan, Instant now, const absl::TimeZone& zone) {
  if (plan.fit_weekday == 0) return std::nullopt;
  const auto weekday = static_cast<absl::Weekday>(plan.fit_weekday - 1);  // absl begins with Monday
  absl::CivilDay day = DayIn(now, zone);
  while (absl::GetWeekday(day) != weekday || At(day, plan.fit_minute, zone) > now) --day;
  return At(day, plan.fit_minute, zone);
}

}  // namespace loyalty
