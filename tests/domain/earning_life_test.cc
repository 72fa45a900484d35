// When points become available and when they expire.
#include <gtest/gtest.h>

#include <string>

#include "domain/earning.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

const absl::TimeZone kBerlin = *LoadZone("Europe/Berlin");
Instant At(const char* text) { return *ParseTime(text, kBerlin); }

TEST(LifeOf, Table) {
  struct Row {
    const char* what;
    EarningRule rule;
    const char* business_time;
    const char* record_time;
    const char* activate;
    const char* expire;  // "": never
  };
  for (const Row& row : {
           Row{"never expires", {}, "2026-06-10T12:00:00", "2026-06-10T12:00:01", "2026-06-10T12:00:00", ""},
           {"12 months",
            {.validity_months = 12},
            "2026-06-10T12:00:00",
            "2026-06-10T12:00:01",
            "2026-06-10T12:00:00",
            "2027-06-11"},
           {"month clamps",
            {.validity_months = 1},
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:01",
            "2026-01-31T12:00:00",
            "2026-03-01"},
           {"days",
            {.validity_days = 30},
            "2026-06-10T12:00:00",
            "2026-06-10T12:00:01",
            "2026-06-10T12:00:00",
            "2026-07-11"},
           {"end of 31 December",
            {.validity_days = 1},
            "2026-12-30T23:59:59",
            "2026-12-31T00:00:00",
            "2026-12-30T23:59:59",
            "2027-01-01"},
           {"over the clock change",
            {.validity_days = 1},
            "2026-03-28T12:00:00",
            "2026-03-28T12:00:00",
            "2026-03-28T12:00:00",
            "2026-03-30"},
           {"delay, then validity",
            {.activation_delay_days = 14, .validity_days = 10},
            "2026-06-10T12:00:00",
            "2026-06-10T12:00:01",
            "2026-06-24T12:00:00",
            "2026-07-05"},
           {"a day of 23 hours is not a day",
            {.activation_delay_days = 1, .validity_days = 1},
            "2026-03-27T23:30:00",
            "2026-03-27T23:30:00",
            "2026-03-28T23:30:00",
            "2026-03-30T00:30:00"},
           {"delay across the zone's day",
            {.activation_delay_days = 1, .validity_months = 1},
            "2026-06-10T23:30:00+00:00",
            "2026-06-10T23:30:00+00:00",
            "2026-06-11T23:30:00+00:00",
            "2026-07-13"},
           {"reported late counts from the sale",
            {.validity_months = 1},
            "2026-06-10T12:00:00",
            "2026-07-01T12:00:00",
            "2026-06-10T12:00:00",
            "2026-07-11"},
           {"never less than a day after it is recorded",
            {.validity_days = 1},
            "2026-06-10T12:00:00",
            "2026-06-20T15:00:00",
            "2026-06-10T12:00:00",
            "2026-06-21T15:00:00"},
           {"imported years later counts from 40 days ago",
            {.validity_months = 12},
            "2020-01-01T12:00:00",
            "2026-06-10T12:00:00",
            "2026-05-01T12:00:00",
            "2027-05-02"},
           {"imported, short validity",
            {.validity_days = 7},
            "2020-01-01T12:00:00",
            "2026-06-10T12:00:00",
            "2026-05-01T12:00:00",
            "2026-06-11T12:00:00"},
           {"a till's clock ahead",
            {.validity_days = 1},
            "2026-06-11T00:03:00",
            "2026-06-10T23:59:00",
            "2026-06-10T23:59:00",
            "2026-06-13"},
       }) {
    const LotTerms life = LifeOf(row.rule, At(row.business_time), At(row.record_time), kBerlin);
    EXPECT_EQ(FormatTime(life.activate_time), FormatTime(At(row.activate))) << row.what;
    if (*row.expire == '\0') {
      EXPECT_EQ(life.expire_time, kNever) << row.what;
    } else {
      EXPECT_EQ(FormatTime(life.expire_time), FormatTime(At(row.expire))) << row.what;
    }
  }
}

TEST(LifeOf, WithoutDelayPointsAreAvailableAtOnceWhateverTheTillsClockSays) {
  const Instant now = At("2026-06-10T12:00:00");
  for (const Instant ahead : {-kLateMax, -kSecond, Instant{0}, Instant{1}, kAheadMax})
    EXPECT_LE(LifeOf({}, now + ahead, now, kBerlin).activate_time, now) << ahead;
}

TEST(LifeOf, PointsLiveADayAtLeastAndToTheEndOfOne) {
  test::Check(
      [] {
        const auto zone =
            *LoadZone(*rc::gen::element<std::string>("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"));
        const Instant record = *rc::gen::inRange<Instant>(0, 2'000'000'000) * kSecond;
        const Instant business = record + *rc::gen::inRange<Instant>(-100 * 86'400, 300) * kSecond;
        EarningRule rule;
        rule.activation_delay_days =
            *rc::gen::weightedOneOf<int>({{2, rc::gen::just(0)}, {1, rc::gen::inRange(0, 366)}});
        const bool months = *rc::gen::arbitrary<bool>();
        (months ? rule.validity_months : rule.validity_days) = *rc::gen::inRange(1, months ? 121 : 3661);
        const LotTerms life = LifeOf(rule, business, record, zone);
        RC_ASSERT(life.expire_time >= record + kDayLength);
        RC_ASSERT(life.expire_time >= life.activate_time + kDayLength);
        RC_ASSERT(life.activate_time >= record - kLateMax);
        const bool end_of_day = StartOfDay(DayOf(life.expire_time, zone), zone) == life.expire_time;
        RC_ASSERT(end_of_day || life.expire_time == record + kDayLength ||
                  life.expire_time == life.activate_time + kDayLength);
        if (!months && end_of_day)
          RC_ASSERT(DayOf(life.expire_time, zone) - DayOf(life.activate_time, zone) >= rule.validity_days + 1);
      },
      15);
}

}  // namespace
}  // namespace loyalty
