// Reads of many members' statistics: what classifications, summaries and candidates come from.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/time.h"
#include "storage/session.h"
#include "storage/tables/members.h"

namespace loyalty::storage {

// All of these throw Failure.

// Ids of members whose due_day has come, at most `limit`, in ascending order: not those of the lowest ids.
std::set<std::int64_t> ReadDueMemberIds(Session& session, retention::Day today, std::size_t limit);
std::int64_t CountMembers(Session& session);
std::int64_t CountDueMembers(Session& session, retention::Day today);

// Ids in (after, last]. last == kLastId: there is nothing behind it.
struct IdRange {
  std::int64_t after = 0;
  std::int64_t last = 0;
};
inline constexpr std::int64_t kLastId = std::numeric_limits<std::int64_t>::max();

// The range behind `after` that holds `rows` members; fewer where it is the last one. The tree is walked, but no row is
// handed over.
inline constexpr std::int64_t kRangeRows = 5'000;  // takes milliseconds
IdRange NextMembers(Session& session, std::int64_t after, std::int64_t rows);

// What a member is judged by, and how it stands: half of what a row is to read.
struct MemberPosition {
  std::int64_t id = 0;
  bool anonymous = false;
  Instant create_time = 0;
  retention::MemberSummary summary;  // days, first and last of them, amounts of all and by quarter, quarter_years
  retention::LifecycleState lifecycle;
};
// Members of a range in ascending order of their ids.
std::vector<MemberPosition> ReadPositions(Session& session, const IdRange& range);

// All members in ascending order of their ids, in chunks of kRangeRows; no snapshot is held for long. `go_on` is asked
// before each: false stops.
using OnMembers = std::function<void(std::span<const MemberRow> members)>;
void ReadAllMembers(Session& session, const OnMembers& take, const std::function<bool()>& go_on);

// Summaries of the members of a range that have bought; only what models and cut points are made of is read: days,
// first and last of them, amounts of all and of the first, logarithms of gaps.
std::vector<retention::MemberSummary> ReadSummaries(Session& session, const IdRange& range);

// The purchase days of members that count, ascending.
std::map<std::int64_t, std::vector<retention::MemberDay>> ReadDaysOf(Session& session,
                                                                     const std::vector<std::int64_t>& member_ids);

// Consent of members to be contacted: whether the newest row of a channel grants it. Members without a row are left
// out; true: for at least one channel.
std::map<std::int64_t, bool> ReadMarketingConsents(Session& session, const std::vector<std::int64_t>& member_ids);

}  // namespace loyalty::storage
