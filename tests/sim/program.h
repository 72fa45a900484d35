// The program of a simulated life: when it begins, by which rules it earns, and where its stores are.
#pragma once

#include <array>
#include <cstdint>

#include "domain/money.h"
#include "domain/time.h"
#include "tests/sim/calendar.h"

namespace loyalty::sim {

// A version of the catalogue.
struct Rule {
  Instant from = 0;
  Points points = 1;  // for every per_amount cents, rounded down once
  Minor per_amount = 100;
  bool net = false;  // of the money without tax
  int delay_days = 0;
  int validity_days = 0, validity_months = 0;  // one of the two
  int burn_step = 1;                           // points that burn together, a cent each
};

struct Program {
  Instant start = 0;
  std::array<Rule, 2> rules;  // the second is known from the beginning and comes into force later

  const Rule& RuleAt(Instant at) const { return at >= rules[1].from ? rules[1] : rules[0]; }
};

// Days of the program, of its points and of its grace, are those of Berlin.
inline constexpr Zone kProgramZone = Zone::kBerlin;

// Terminals 1 and 2 stand in the first, 3 in the second.
struct Shop {
  std::int64_t id;
  const char* name;
  const char* zone_name;
  Zone zone;
  int day_cut_minutes;
};
inline constexpr std::array<Shop, 2> kShops{
    {{11, "north", "Europe/Berlin", Zone::kBerlin, 180}, {12, "south", "America/New_York", Zone::kNewYork, 0}}};
inline constexpr std::int64_t kTerminals = 3;
constexpr const Shop& ShopOf(std::int64_t terminal_id) { return kShops[terminal_id == kTerminals ? 1 : 0]; }

// Lives begin shortly before clocks change, at the end of a year, or before a 29 February.
inline Program ProgramOf(std::uint64_t seed) {
  struct Begin {
    Date date;
    int days_of_first_rule;
  };
  constexpr std::array<Begin, 4> kBegins{
      {{{2026, 3, 16}, 12}, {{2026, 10, 12}, 12}, {{2026, 12, 28}, 12}, {{2028, 1, 28}, 1}}};
  const Begin& begin = kBegins[seed % kBegins.size()];
  Program program;
  program.start = DaysOf(begin.date) * kDayLength + 10 * kHour;
  const Instant long_ago = program.start - 400 * kDayLength;
  program.rules[0] = {.from = long_ago, .delay_days = 1, .validity_days = 30};
  program.rules[1] = {.from = Midnight(kProgramZone, LocalDay(kProgramZone, program.start) + begin.days_of_first_rule),
                      .points = 3,
                      .per_amount = 200,
                      .net = true,
                      .validity_months = 1,
                      .burn_step = 5};
  return program;
}

}  // namespace loyalty::sim
