// Cohort tables: of the members who first bought in a month, how many buy in each month after it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "retention/summary.h"

namespace loyalty::retention {

using Month = std::int32_t;  // months since January 1970

// The calendar month of a business day.
Month MonthOf(Day day);

// "1997-03".
std::string MonthName(Month month);

// The tables of a window of months, filled member by member in any order: the same members end in the same table.
class CohortTable {
 public:
  // From `first` to `last`, both included; first <= last.
  CohortTable(Month first, Month last);

  // Adds one member by its purchase days in ascending order. Days outside the window are not counted. Who first bought
  // before the window belongs to no cohort and counts in Active() and Stayed() only. No days: no effect.
  void Add(std::span<const Day> purchase_days);

  Month first() const { return first_; }
  Month last() const { return last_; }

  // Members whose first purchase fell into `cohort` and who bought `months_later` months after it, 0 for the cohort
  // itself: its size. 0 outside the window.
  std::int64_t Members(Month cohort, Month months_later) const;

  // Members with a purchase in `month`; 0 outside the window.
  std::int64_t Active(Month month) const;

  // Members with a purchase both in `month` and in the month before it; 0 for the first month of the window. Retention
  // of a month is Stayed(month) / Active(month - 1), churn is 1 less that.
  std::int64_t Stayed(Month month) const;

 private:
  std::size_t Size() const { return static_cast<std::size_t>(last_ - first_) + 1; }
  bool Holds(Month month) const { return month >= first_ && month <= last_; }

  Month first_;
  Month last_;
  std::vector<std::int64_t> members_;  // Size() rows of Size() months
  std::vector<std::int64_t> active_;
  std::vector<std::int64_t> stayed_;
};

}  // namespace loyalty::retention
