// Instants, days and time zones. An Instant is UTC; a Day has no zone until one is named.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "domain/result.h"

namespace loyalty {

using Instant = std::int64_t;  // microseconds since 1970-01-01T00:00:00Z
using Day = std::int32_t;      // days since 1970-01-01

inline constexpr Instant kSecond = 1'000'000;
inline constexpr Instant kMinute = 60 * kSecond;
inline constexpr Instant kHour = 60 * kMinute;
inline constexpr Instant kDayLength = 24 * kHour;  // of a duration; a calendar day may be longer or shorter
inline constexpr Instant kNever = std::numeric_limits<Instant>::max();

// An IANA zone by name, for instance Europe/Berlin. Errors: kInvalidArgument for a name the system does not know.
Result<absl::TimeZone> LoadZone(std::string_view name);

// The zone's calendar day of an instant.
Day DayOf(Instant at, const absl::TimeZone& zone);

// First instant of a calendar day. Where the zone skips midnight, the first instant that exists.
Instant StartOfDay(Day day, const absl::TimeZone& zone);

// Seconds east of UTC at an instant.
std::int32_t UtcOffsetSeconds(Instant at, const absl::TimeZone& zone);

// The business day of a sale: its local day, the day before while the store's day cut has not been reached.
// day_cut_minutes: 0 to 720, wall-clock minutes after local midnight.
Day BusinessDayOf(Instant at, const absl::TimeZone& zone, int day_cut_minutes);

// The instant of a local wall-clock time. An ambiguous hour is the first, a time that does not exist moves on by the
// gap.
Instant FromLocal(const absl::CivilSecond& local, const absl::TimeZone& zone);

// Adds calendar months and clamps to the end of the month: 31 January + 1 month is the last of February.
Day AddMonths(Day day, int months);

// YYYY-MM-DD. Errors: kInvalidArgument. Years 1900 to 9999.
Result<Day> ParseDay(std::string_view text);
std::string FormatDay(Day day);

// RFC 3339 with offset (2026-01-31T10:00:00+01:00), or a local time or date without one, read in `zone`.
// Up to microseconds. Errors: kInvalidArgument.
Result<Instant> ParseTime(std::string_view text, const absl::TimeZone& zone);

// RFC 3339 in UTC with microseconds where there are any.
std::string FormatTime(Instant at);

}  // namespace loyalty
