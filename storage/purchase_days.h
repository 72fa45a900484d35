// The purchase days of all members, in a stream: what models, segments and cohorts are computed from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "domain/time.h"
#include "retention/summary.h"
#include "storage/session.h"

namespace loyalty::storage {

// A member and all its purchase days, ascending.
struct MemberWithDays {
  std::int64_t id = 0;
  std::vector<retention::MemberDay> days;
};

// Members with after < id <= last in the order of their ids, at most `limit`. Throws Failure, like all below.
std::vector<MemberWithDays> ReadMembersWithDays(Session& session, std::int64_t after, std::int64_t last, int limit);

// Both days included.
struct DayWindow {
  std::optional<retention::Day> from = {};
  retention::Day until = 0;
};

// The days of one member that count and lie in the window, ascending, at least one. False stops.
using OnMemberDays = std::function<bool(std::int64_t member_id, std::span<const retention::MemberDay> days)>;

struct PurchaseDaysOptions {
  int members_at_once = 1'000;
  std::function<bool()> go_on = {};  // asked before each chunk; false stops
};

// Members with an id above `after`, in the order of their ids. Reads all their days in chunks of members, those outside
// the window too, so that each statement ends soon whatever the window; none waits for a writer. Memory does not grow
// with the number of members, and no snapshot is held for long. What is written meanwhile may or may not be seen, but
// always by whole receipts. Throws Failure.
void ReadPurchaseDays(Session& session, const DayWindow& window, std::int64_t after, const OnMemberDays& take,
                      const PurchaseDaysOptions& options = {});

}  // namespace loyalty::storage
