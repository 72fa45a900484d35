#include "domain/time.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/property.h"

namespace loyalty {
namespace {

absl::TimeZone Zone(const char* name) { return *LoadZone(name); }
const absl::TimeZone kUtc = absl::UTCTimeZone();

// An instant written in UTC.
Instant Utc(const char* text) { return *ParseTime(text, kUtc); }
Day DayAt(const char* text) { return *ParseDay(text); }

TEST(LoadZone, RefusesUnknownNames) {
  EXPECT_TRUE(LoadZone("Europe/Berlin"));
  for (const char* name : {"", "Europe/Nowhere", "../etc/passwd"}) {
    const auto zone = LoadZone(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().reason, Reason::kInvalidArgument);
    EXPECT_EQ(zone.error().metadata.at("time_zone"), name);
  }
}

// All of these name a zone for the library below.
TEST(LoadZone, RefusesPathsWhatFollowsANulAndWhatTheEnvironmentSays) {
  EXPECT_TRUE(LoadZone("Etc/GMT+1"));
  EXPECT_TRUE(LoadZone("America/Port-au-Prince"));
  EXPECT_TRUE(LoadZone("America/Argentina/Buenos_Aires"));
  for (const std::string& name :
       {std::string("/usr/share/zoneinfo/Europe/Berlin"), std::string("file:Europe/Berlin"),
        std::string("Europe/../Europe/Berlin"), std::string("localtime"), std::string("Europe/Berlin\0x", 15)})
    EXPECT_FALSE(LoadZone(name)) << name;
}

TEST(FromLocal, GapMovesOnAndAmbiguousHourIsTheFirst) {
  struct Row {
    const char* zone;
    const char* local;
    const char* utc;
  };
  for (const Row& row : {Row{"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"},
                         {"Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"},  // reads 03:00
                         {"Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"},  // reads 03:30
                         {"Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"},
                         {"Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"},
                         {"Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"},  // not 01:30Z
                         {"Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
                         {"America/Sao_Paulo", "2017-10-15T00:30:00", "2017-10-15T03:30:00Z"},
                         {"Asia/Kathmandu", "2026-01-01T00:00:00", "2025-12-31T18:15:00Z"}})
    EXPECT_EQ(FormatTime(*ParseTime(row.local, Zone(row.zone))), row.utc) << row.zone << " " << row.local;
}

TEST(StartOfDay, IsTheFirstInstantEvenWhereMidnightIsSkipped) {
  struct Row {
    const char* zone;
    const char* day;
    const char* utc;
  };
  for (const Row& row : {Row{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
                         {"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},
                         {"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"},
                         {"America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"},  // begins at 01:00
                         {"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"},  // the hour before came twice
                         {"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},     // 00:00 comes twice: the first
                         {"America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"},    // 23:30 was followed by 00:30
                         {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
                         {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},  // a day that never was
                         {"UTC", "1970-01-01", "1970-01-01T00:00:00Z"}})
    EXPECT_EQ(FormatTime(StartOfDay(DayAt(row.day), Zone(row.zone))), row.utc) << row.zone << " " << row.day;
}

// Goal: what StartOfDay says about any day since 1972 in zones with odd rules. Method: look at every minute around it.
TEST(StartOfDay, NoEarlierMinuteBelongsToTheDay) {
  test::Check(
      [] {
        const auto name = *rc::gen::element<std::string>(
            "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "America/Asuncion", "Asia/Beirut", "Asia/Kathmandu",
            "Australia/Lord_Howe", "Atlantic/Azores", "Pacific/Kiritimati", "America/St_Johns", "UTC");
        const auto zone = Zone(name.c_str());
        const Day day = *rc::gen::inRange<Day>(800, 24'000);
        const Instant start = StartOfDay(day, zone);
        const Instant midnight_utc = Instant{day} * kDayLength;
        for (Instant at = midnight_utc - 15 * kHour; at < midnight_utc + 15 * kHour; at += 15 * kMinute) {
          if (DayOf(at, zone) != day) continue;
          RC_ASSERT(at >= start);
          break;
        }
        for (const Instant before : {kSecond, kMinute, kHour}) RC_ASSERT(DayOf(start - before, zone) < day);
        // Kiritimati left out the day on which it crossed the date line.
        RC_ASSERT(DayOf(start, zone) == day || name == "Pacific/Kiritimati");
        RC_ASSERT(*ParseTime(FormatDay(day), zone) == start);
      },
      20);
}

TEST(BusinessDayOf, DayBeforeUntilTheCut) {
  const auto berlin = Zone("Europe/Berlin");
  const Day day = DayAt("2026-06-10");
  struct Row {
    const char* local;
    int cut;
    Day day;
  };
  for (const Row& row : {Row{"2026-06-10T00:00:00", 0, day},
                         {"2026-06-10T00:00:00", 1, day - 1},
                         {"2026-06-10T03:59:59.999999", 240, day - 1},
                         {"2026-06-10T04:00:00", 240, day},
                         {"2026-06-10T11:59:00", 720, day - 1},
                         {"2026-06-10T12:00:00", 720, day},
                         {"2026-06-10T23:59:59", 240, day}})
    EXPECT_EQ(BusinessDayOf(*ParseTime(row.local, berlin), berlin, row.cut), row.day) << row.local << " " << row.cut;
  // The cut is wall-clock time: on the day of 25 hours 02:30 comes twice, both before a cut at 03:00.
  const Day autumn = DayAt("2026-10-25");
  EXPECT_EQ(BusinessDayOf(Utc("2026-10-25T00:30:00Z"), berlin, 180), autumn - 1);
  EXPECT_EQ(BusinessDayOf(Utc("2026-10-25T01:30:00Z"), berlin, 180), autumn - 1);
  EXPECT_EQ(BusinessDayOf(Utc("2026-10-25T02:00:00Z"), berlin, 180), autumn);
  // On the day of 23 hours a cut at 02:30 is first passed at 03:00.
  EXPECT_EQ(BusinessDayOf(Utc("2026-03-29T00:59:59Z"), berlin, 150), DayAt("2026-03-28"));
  EXPECT_EQ(BusinessDayOf(Utc("2026-03-29T01:00:00Z"), berlin, 150), DayAt("2026-03-29"));
}

TEST(UtcOffsetSeconds, FollowsTheClockChange) {
  const auto berlin = Zone("Europe/Berlin");
  EXPECT_EQ(UtcOffsetSeconds(Utc("2026-03-29T00:59:59Z"), berlin), 3600);
  EXPECT_EQ(UtcOffsetSeconds(Utc("2026-03-29T01:00:00Z"), berlin), 7200);
  EXPECT_EQ(UtcOffsetSeconds(Utc("2026-01-01T00:00:00Z"), Zone("America/St_Johns")), -12'600);
}

TEST(AddMonths, ClampsToTheEndOfTheMonth) {
  struct Row {
    const char* day;
    int months;
    const char* result;
  };
  for (const Row& row : {Row{"2026-01-31", 1, "2026-02-28"},
                         {"2028-01-31", 1, "2028-02-29"},
                         {"2024-02-29", 12, "2025-02-28"},
                         {"2024-02-29", 48, "2028-02-29"},
                         {"2026-03-31", 1, "2026-04-30"},
                         {"2026-12-31", 1, "2027-01-31"},
                         {"2026-12-15", 120, "2036-12-15"},
                         {"2026-03-31", -1, "2026-02-28"},
                         {"2026-01-15", 0, "2026-01-15"}})
    EXPECT_EQ(FormatDay(AddMonths(DayAt(row.day), row.months)), row.result) << row.day << " + " << row.months;
}

TEST(AddMonths, KeepsTheDayOrIsTheLastOfItsMonth) {
  test::Check(
      [] {
        const Day day = *rc::gen::inRange<Day>(-20'000, 40'000);
        const int months = *rc::gen::inRange(-130, 130);
        const std::string from = FormatDay(day);
        const Day result = AddMonths(day, months);
        const std::string to = FormatDay(result);
        const auto month_number = [](const std::string& text) {
          return std::stoi(text) * 12 + std::stoi(text.substr(5));
        };
        RC_ASSERT(month_number(to) == month_number(from) + months);
        const bool last_of_month = FormatDay(result + 1).substr(8) == "01";
        RC_ASSERT(to.substr(8) == from.substr(8) || (last_of_month && to.substr(8) < from.substr(8)));
      },
      20);
}

TEST(ParseDay, Table) {
  EXPECT_EQ(DayAt("1970-01-01"), 0);
  EXPECT_EQ(DayAt("1900-01-01"), -25'567);
  EXPECT_EQ(DayAt("2026-02-28"), 20'512);
  EXPECT_EQ(DayAt("9999-12-31"), 2'932'896);
  for (const char* text : {"", "2026", "2026-2-28", "2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10",
                           "2026-01-00", "2026-01-32", "1899-12-31", "0000-01-01", "2026-01-01 ", " 2026-01-01",
                           "2026/01/01", "20260101", "-026-01-01", "2026-01-01T00:00:00Z"})
    EXPECT_EQ(ParseDay(text).error().reason, Reason::kInvalidArgument) << text;
}

TEST(ParseDay, ReadsWhatFormatDayWrites) {
  test::Check(
      [] {
        const Day day = *rc::gen::inRange<Day>(-25'567, 2'932'897);
        RC_ASSERT(*ParseDay(FormatDay(day)) == day);
      },
      20);
}

TEST(ParseTime, Table) {
  const auto berlin = Zone("Europe/Berlin");
  struct Row {
    const char* text;
    const char* utc;
  };
  for (const Row& row : {Row{"2026-01-31T10:00:00+01:00", "2026-01-31T09:00:00Z"},
                         {"2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"},
                         {"2026-01-31T10:00:00z", "2026-01-31T10:00:00Z"},
                         {"2026-01-31T10:00:00-03:30", "2026-01-31T13:30:00Z"},
                         {"2026-01-31T00:30:00+01:00", "2026-01-30T23:30:00Z"},
                         {"2026-01-31T10:00:00.5Z", "2026-01-31T10:00:00.5Z"},
                         {"2026-01-31T10:00:00.000001Z", "2026-01-31T10:00:00.000001Z"},
                         {"2026-01-31T10:00:00.123456789Z", "2026-01-31T10:00:00.123456Z"},
                         {"2026-01-31T10:00:00", "2026-01-31T09:00:00Z"},
                         {"2026-07-31 10:00", "2026-07-31T08:00:00Z"},
                         {"2026-07-31", "2026-07-30T22:00:00Z"}})
    EXPECT_EQ(FormatTime(*ParseTime(row.text, berlin)), row.utc) << row.text;
  for (const char* text :
       {"", "now", "2026-01-31T", "2026-01-31T1:00:00", "2026-01-31T24:00:00", "2026-01-31T10:60:00",
        "2026-01-31T10:00:60", "2026-01-31T10:00:00.", "2026-01-31T10:00:00.1234567890Z", "2026-01-31T10:00:00+1",
        "2026-01-31T10:00:00+0100", "2026-01-31T10:00:00+24:00", "2026-01-31T10:00:00+01:60", "2026-01-31T10:00:00 Z",
        "2026-01-31T10:00:00Zx", "2026-02-30T10:00:00Z", "2026-01-31x10:00:00"})
    EXPECT_EQ(ParseTime(text, berlin).error().reason, Reason::kInvalidArgument) << text;
}

TEST(ParseTime, ReadsWhatFormatTimeWrites) {
  test::Check(
      [] {
        const Instant at = *rc::gen::oneOf(rc::gen::inRange<Instant>(-25'567 * kDayLength, 2'932'897 * kDayLength),
                                           rc::gen::map(rc::gen::inRange<Instant>(-2'000'000'000, 4'000'000'000),
                                                        [](Instant seconds) { return seconds * kSecond; }));
        RC_ASSERT(*ParseTime(FormatTime(at), Zone("America/Havana")) == at);
      },
      20);
}

}  // namespace
}  // namespace loyalty
