#include "tests/sim/calendar.h"

#include <algorithm>

namespace loyalty::sim {
namespace {

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int LengthOf(int year, int month) {
  if (month == 2) return IsLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// 0 is Sunday; 1970-01-01 was a Thursday.
int WeekdayOf(std::int64_t days) { return static_cast<int>((days + 4) % 7); }

std::int64_t FirstSunday(int year, int month) {
  std::int64_t day = DaysOf({year, month, 1});
  while (WeekdayOf(day) != 0) ++day;
  return day;
}
std::int64_t LastSunday(int year, int month) {
  std::int64_t day = DaysOf({year, month, LengthOf(year, month)});
  while (WeekdayOf(day) != 0) --day;
  return day;
}

// What is added to UTC.
Instant OffsetOf(Zone zone, Instant at) {
  const int year = DateOf(at / kDayLength).year;
  if (zone == Zone::kBerlin) {  // from the last Sunday of March to that of October, at 01:00 UTC
    const bool summer =
        at >= LastSunday(year, 3) * kDayLength + kHour && at < LastSunday(year, 10) * kDayLength + kHour;
    return summer ? 2 * kHour : kHour;
  }
  // From the second Sunday of March to the first of November, at 02:00 by the clock that ends then.
  const bool summer =
      at >= (FirstSunday(year, 3) + 7) * kDayLength + 7 * kHour && at < FirstSunday(year, 11) * kDayLength + 6 * kHour;
  return summer ? -4 * kHour : -5 * kHour;
}

}  // namespace

std::int64_t DaysOf(const Date& date) {
  std::int64_t days = date.day - 1;
  for (int year = 1970; year < date.year; ++year) days += IsLeap(year) ? 366 : 365;
  for (int month = 1; month < date.month; ++month) days += LengthOf(date.year, month);
  return days;
}

Date DateOf(std::int64_t days) {
  Date date;
  for (int length = 365; days >= length; length = IsLeap(date.year) ? 366 : 365) {
    days -= length;
    ++date.year;
  }
  while (days >= LengthOf(date.year, date.month)) days -= LengthOf(date.year, date.month++);
  date.day += static_cast<int>(days);
  return date;
}

std::int64_t MonthsLater(std::int64_t days, int months) {
  Date date = DateOf(days);
  for (int i = 0; i < months; ++i) {
    if (++date.month <= 12) continue;
    date.month = 1;
    ++date.year;
  }
  date.day = std::min(date.day, LengthOf(date.year, date.month));
  return DaysOf(date);
}

std::int64_t LocalDay(Zone zone, Instant at) { return (at + OffsetOf(zone, at)) / kDayLength; }

int LocalMinute(Zone zone, Instant at) { return static_cast<int>((at + OffsetOf(zone, at)) % kDayLength / kMinute); }

Instant Midnight(Zone zone, std::int64_t day) {
  const Instant utc = day * kDayLength;
  const Instant guess = utc - OffsetOf(zone, utc);
  return utc - OffsetOf(zone, guess);
}

std::int64_t SalesDay(Zone zone, int cut, Instant at) {
  return LocalMinute(zone, at) < cut ? LocalDay(zone, at) - 1 : LocalDay(zone, at);
}

}  // namespace loyalty::sim
