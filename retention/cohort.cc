#include "retention/cohort.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <limits>

#include "retention/check.h"

namespace loyalty::retention {

Month MonthOf(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return 12 * (static_cast<int>(date.year()) - 1970) + static_cast<Month>(static_cast<unsigned>(date.month())) - 1;
}

std::string MonthName(Month month) {
  const Month year = 1970 + (month >= 0 ? month / 12 : -((11 - month) / 12));
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02d", year, month - 12 * (year - 1970) + 1);
  return {text.data(), static_cast<std::size_t>(length)};
}

CohortTable::CohortTable(Month first, Month last) : first_(first), last_(last) {
  Check(first <= last, "a span ends after it begins");
  members_.resize(Size() * Size());
  active_.resize(Size());
  stayed_.resize(Size());
}

void CohortTable::Add(std::span<const Day> purchase_days) {
  if (purchase_days.empty()) return;
  const Month cohort = MonthOf(purchase_days.front());
  Month before = std::numeric_limits<Month>::min();  // the last month counted
  for (const Day day : purchase_days) {
    const Month month = MonthOf(day);
    if (month == before || !Holds(month)) continue;
    const auto at = static_cast<std::size_t>(month - first_);
    ++active_[at];
    if (before == month - 1) ++stayed_[at];
    if (Holds(cohort)) ++members_[static_cast<std::size_t>(cohort - first_) * Size() + (month - cohort)];
    before = month;
  }
}

std::int64_t CohortTable::Members(Month cohort, Month months_later) const {
  if (!Holds(cohort) || months_later < 0 || months_later > last_ - cohort) return 0;
  return members_[static_cast<std::size_t>(cohort - first_) * Size() + static_cast<std::size_t>(months_later)];
}

std::int64_t CohortTable::Active(Month month) const {
  return Holds(month) ? active_[static_cast<std::size_t>(month - first_)] : 0;
}

std::int64_t CohortTable::Stayed(Month month) const {
  return Holds(month) ? stayed_[static_cast<std::size_t>(month - first_)] : 0;
}

}  // namespace loyalty::retention
