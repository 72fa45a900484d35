// A calendar as one would reckon on paper: the Gregorian rules and two zones that change their clocks. It shares
// nothing with the server's time zones and days, which it is there to check.
#pragma once

#include <cstdint>

#include "domain/time.h"

namespace loyalty::sim {

enum class Zone : std::uint8_t { kBerlin, kNewYork };

struct Date {
  int year = 1970, month = 1, day = 1;  // month and day from 1
};

// Days since 1970-01-01, and back. Years from 1970 on.
std::int64_t DaysOf(const Date& date);
Date DateOf(std::int64_t days);
// So many months later, on the last day of the month where there is no such day.
std::int64_t MonthsLater(std::int64_t days, int months);

// The local day of an instant, and the minute of it (by the clock on the wall, 0 to 1439).
std::int64_t LocalDay(Zone zone, Instant at);
int LocalMinute(Zone zone, Instant at);
// When a local day begins. Neither zone changes its clocks at midnight.
Instant Midnight(Zone zone, std::int64_t day);
// The day a sale belongs to where the day ends `cut` minutes after midnight.
std::int64_t SalesDay(Zone zone, int cut, Instant at);

}  // namespace loyalty::sim
