// What the models of the BG/NBD family know of a customer.
#pragma once

#include <cstdint>
#include <optional>

#include "retention/summary.h"

namespace loyalty::retention {

// Purchases are purchase days; times run from the first one. A customer who bought once has repeats == 0 and
// recency_days == 0. Valid: 0 <= recency_days <= age_days, and recency_days > 0 exactly when repeats > 0.
struct History {
  std::int32_t repeats = 0;     // x: purchase days after the first
  double recency_days = 0;      // t_x: from the first purchase day to the last
  double age_days = 0;          // T: from the first purchase day to now
  std::int64_t sum_ln_gap = 0;  // sum of ln(gap in days) in units of 2^-32; fits with k > 1 need it

  friend bool operator==(const History&, const History&) = default;
};

// The history of a member on the day `today`, in whole days. None when the member has not bought, or when `today` lies
// before its last purchase (summaries cannot be turned back; summarise the days up to `today` instead).
std::optional<History> HistoryOf(const MemberSummary& summary, Day today);

bool IsValid(const History& history);

}  // namespace loyalty::retention
