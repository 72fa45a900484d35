// How many of those who first bought in a month buy again in the months after it, from a receipts file.
#pragma once

#include <string>

#include "clients/failure.h"
#include "clients/retention/customers.h"
#include "retention/cohort.h"

namespace loyalty::client {

// A table has a cell for each pair of months.
inline constexpr retention::Month kCohortMonthsMax = 600;

struct CohortReport {
  ReceiptWindow window;
  retention::CohortTable table{0, 0};
};

// From the month of the first receipt to that of window.until. Failures: kUsage (more than kCohortMonthsMax months).
Outcome TabulateCohorts(const Customers& customers, const ReceiptWindow& window, CohortReport& report);

std::string RenderCohorts(const CohortReport& report, bool colour);
std::string CohortsJson(const CohortReport& report);

}  // namespace loyalty::client
