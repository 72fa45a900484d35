#include "retention/enough_data.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace loyalty::retention {

double MedianCycleDays(const CollapsedRows& rows) {
  std::vector<std::pair<double, std::int64_t>> cycles;
  std::int64_t customers = 0;
  for (const Row& row : rows.rows) {
    if (row.repeats == 0) continue;
    cycles.emplace_back(static_cast<double>(row.recency_days) / row.repeats, row.customers);
    customers += row.customers;
  }
  std::sort(cycles.begin(), cycles.end());
  std::int64_t below = 0;
  for (const auto& [days, count] : cycles) {
    below += count;
    if (2 * below >= customers) return days;
  }
  return 0;
}

Shortage CheckData(const CollapsedRows& rows, const MinimumData& minimum) {
  if (rows.customers < minimum.customers) return Shortage::kCustomers;
  if (rows.repeats < minimum.repeats) return Shortage::kRepeats;
  if (rows.age_days_max < minimum.cycles * MedianCycleDays(rows)) return Shortage::kHistory;
  return Shortage::kNone;
}

std::string_view Describe(Shortage shortage) {
  switch (shortage) {
    case Shortage::kNone: return "there is enough data";
    case Shortage::kCustomers: return "too few customers have bought";
    case Shortage::kRepeats: return "too few purchases are repeat purchases";
    case Shortage::kHistory: return "the history is shorter than a few purchase cycles";
  }
  return "";
}

}  // namespace loyalty::retention
