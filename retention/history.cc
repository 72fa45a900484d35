#include "retention/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loyalty::retention {

std::optional<History> HistoryOf(const MemberSummary& summary, Day today) {
  if (summary.days <= 0 || today < summary.last_day) return std::nullopt;
  constexpr std::int64_t kRepeatsMax = std::numeric_limits<std::int32_t>::max();
  return History{.repeats = static_cast<std::int32_t>(std::min(summary.days - 1, kRepeatsMax)),
                 .recency_days = static_cast<double>(summary.last_day) - summary.first_day,
                 .age_days = static_cast<double>(today) - summary.first_day,
                 .sum_ln_gap = summary.sum_ln_gap};
}

bool IsValid(const History& history) {
  return history.repeats >= 0 && history.recency_days >= 0 && std::isfinite(history.age_days) &&
         history.recency_days <= history.age_days && (history.repeats > 0) == (history.recency_days > 0);
}

}  // namespace loyalty::retention
