// Quarters of the year, January to March first.
#pragma once

#include <chrono>
#include <cstddef>

#include "retention/summary.h"

namespace loyalty::retention {

// A quarter of one year: 4 year + 0..3.
using Quarter = std::int32_t;

inline Quarter QuarterOf(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return 4 * static_cast<int>(date.year()) + static_cast<Quarter>((static_cast<unsigned>(date.month()) - 1) / 3);
}

// Which quarter of the year it is, 0..3. Years before 0 do not occur.
constexpr std::size_t SeasonIndex(Quarter quarter) { return static_cast<std::size_t>(quarter & 3); }

inline Day FirstDayOf(Quarter quarter) {
  const std::chrono::year_month_day date{std::chrono::year{quarter >> 2},
                                         std::chrono::month{3 * static_cast<unsigned>(quarter & 3) + 1},
                                         std::chrono::day{1}};
  return static_cast<Day>(std::chrono::sys_days{date}.time_since_epoch().count());
}

inline Day LastDayOf(Quarter quarter) { return FirstDayOf(quarter + 1) - 1; }

}  // namespace loyalty::retention
