// The purchase days of all members, in a stream: what models, segments and cohorts are computed from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "retention/summary.h"
#include "storage/session.h"

namespace loyalty::storage {

// Both days included.
struct DayWindow {
  std::optional<retention::Day> from = {};
  retention::Day until = 0;
};

// The days of one member that count and lie in the window, ascending, at least one. False stops.
using OnMemberDays = std::function<bool(std::int64_t member_id, std::span<const retention::MemberDay> days)>;

struct PurchaseDaysOptions {
  int rows_at_once = 20'000;         // a member with more is read whole all the same
  std::function<bool()> go_on = {};  // asked before each chunk; false stops
};

// Members with an id above `after`, in the order of their ids. Reads all their days in chunks, those outside the window
// too, so that each statement ends soon whatever the window; none waits for a writer. Memory does not grow with the
// number of members, and no snapshot is held for long. What is written meanwhile may or may not be seen, but always by
// whole receipts. Throws Failure.
void ReadPurchaseDays(Session& session, const DayWindow& window, std::int64_t after, const OnMemberDays& take,
                      const PurchaseDaysOptions& options = {});

}  // namespace loyalty::storage
