// How many of those who first bought in a month buy again in the months after it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/failure.h"
#include "clients/retention/customers.h"
#include "retention/cohort.h"

namespace loyalty::client {

// A table has a cell for each pair of months.
inline constexpr retention::Month kCohortMonthsMax = 600;

struct CohortMonth {
  std::string month;                  // "2026-01"
  std::vector<std::int64_t> members;  // of those who first bought in it, by months later: itself, its size, first
  std::int64_t active = 0;            // who bought in it
  std::int64_t stayed = 0;            // and in the month before
};

struct CohortReport {
  ReceiptWindow window;
  std::vector<CohortMonth> months;
};

// From the month of the first receipt to that of window.until. Failures: kUsage (more than kCohortMonthsMax months).
Outcome TabulateCohorts(const Customers& customers, const ReceiptWindow& window, CohortReport& report);

std::string RenderCohorts(const CohortReport& report, bool colour);
std::string CohortsJson(const CohortReport& report);

}  // namespace loyalty::client
