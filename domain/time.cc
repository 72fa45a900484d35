#include "domain/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace loyalty {
namespace {

constexpr absl::CivilDay kEpochDay(1970, 1, 1);

absl::CivilDay ToCivil(Day day) { return kEpochDay + day; }
Day FromCivil(absl::CivilDay day) { return static_cast<Day>(day - kEpochDay); }

Error BadTime(std::string_view text) {
  return Error{Reason::kInvalidArgument, "not a date or time: '" + std::string(text) + "'", {}};
}

// Reads exactly `digits` decimal digits off the front of text.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// What IANA's names are made of. The library below would also take a path to any file, stop at a NUL, and let the
// environment say what "localtime" is.
bool IsZoneName(std::string_view name) {
  return !name.empty() && name.front() != '/' && name != "localtime" &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
                  c == '+' || c == '-';
         });
}

std::optional<absl::CivilDay> TakeDay(std::string_view& text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || *year < 1900) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  // CivilDay normalises 31 April to 1 May: what comes back different was no date.
  if (civil.year() != *year || civil.month() != *month || civil.day() != *day) return std::nullopt;
  return civil;
}

}  // namespace

Result<absl::TimeZone> LoadZone(std::string_view name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone))
    return Error{
        Reason::kInvalidArgument, "unknown time zone '" + std::string(name) + "'", {{"time_zone", std::string(name)}}};
  return zone;
}

Day DayOf(Instant at, const absl::TimeZone& zone) {
  return FromCivil(absl::ToCivilDay(absl::FromUnixMicros(at), zone));
}

Instant StartOfDay(Day day, const absl::TimeZone& zone) {
  const auto info = zone.At(absl::CivilSecond(ToCivil(day)));
  return absl::ToUnixMicros(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

std::int32_t UtcOffsetSeconds(Instant at, const absl::TimeZone& zone) {
  return zone.At(absl::FromUnixMicros(at)).offset;
}

Day BusinessDayOf(Instant at, const absl::TimeZone& zone, int day_cut_minutes) {
  const auto local = zone.At(absl::FromUnixMicros(at)).cs;
  const Day day = FromCivil(absl::CivilDay(local));
  return local.hour() * 60 + local.minute() < day_cut_minutes ? day - 1 : day;
}

Instant FromLocal(const absl::CivilSecond& local, const absl::TimeZone& zone) {
  return absl::ToUnixMicros(zone.At(local).pre);
}

Day AddMonths(Day day, int months) {
  const absl::CivilDay from = ToCivil(day);
  const absl::CivilMonth month = absl::CivilMonth(from) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return FromCivil(absl::CivilDay(month.year(), month.month(), std::min(from.day(), last.day())));
}

Result<Day> ParseDay(std::string_view text) {
  std::string_view rest = text;
  const auto day = TakeDay(rest);
  if (!day || !rest.empty()) return BadTime(text);
  return FromCivil(*day);
}

// absl's way goes through a format string; every answer of a till has a few days in it.
std::string FormatDay(Day day) {
  const absl::CivilDay civil = ToCivil(day);
  if (civil.year() < 0 || civil.year() > 9'999) return absl::FormatCivilTime(civil);
  std::string text = "0000-00-00";
  const auto put = [&text](int number, std::size_t last) {
    for (; number > 0; number /= 10) text[last--] = static_cast<char>('0' + number % 10);
  };
  put(static_cast<int>(civil.year()), 3);
  put(civil.month(), 6);
  put(civil.day(), 9);
  return text;
}

Result<Instant> ParseTime(std::string_view text, const absl::TimeZone& zone) {
  std::string_view rest = text;
  const auto day = TakeDay(rest);
  if (!day) return BadTime(text);
  if (rest.empty()) return FromLocal(absl::CivilSecond(*day), zone);
  if (!TakeChar(rest, 'T') && !TakeChar(rest, ' ')) return BadTime(text);
  const auto hour = TakeNumber(rest, 2);
  if (!hour || !TakeChar(rest, ':')) return BadTime(text);
  const auto minute = TakeNumber(rest, 2);
  if (!minute || *hour > 23 || *minute > 59) return BadTime(text);
  int second = 0;
  if (TakeChar(rest, ':')) {
    const auto parsed = TakeNumber(rest, 2);
    if (!parsed || *parsed > 59) return BadTime(text);
    second = *parsed;
  }
  Instant micros = 0;
  if (TakeChar(rest, '.')) {
    Instant unit = 100'000;
    std::size_t digits = 0;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      micros += unit * (rest.front() - '0');
      unit /= 10;
      ++digits;
      rest.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) return BadTime(text);
  }
  const absl::CivilSecond local(day->year(), day->month(), day->day(), *hour, *minute, second);
  if (rest.empty()) return FromLocal(local, zone) + micros;
  if (rest == "Z" || rest == "z") return FromLocal(local, absl::UTCTimeZone()) + micros;
  const bool west = rest.front() == '-';
  if (!west && rest.front() != '+') return BadTime(text);
  rest.remove_prefix(1);
  const auto offset_hour = TakeNumber(rest, 2);
  if (!offset_hour || !TakeChar(rest, ':')) return BadTime(text);
  const auto offset_minute = TakeNumber(rest, 2);
  if (!offset_minute || !rest.empty() || *offset_hour > 23 || *offset_minute > 59) return BadTime(text);
  const Instant offset = (*offset_hour * kHour + *offset_minute * kMinute) * (west ? -1 : 1);
  return FromLocal(local, absl::UTCTimeZone()) + micros - offset;
}

std::string FormatTime(Instant at) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", absl::FromUnixMicros(at), absl::UTCTimeZone());
}

}  // namespace loyalty
