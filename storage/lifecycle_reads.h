// Reads of many members' statistics: what classifications, summaries and candidates come from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/time.h"
#include "storage/statistics.h"

namespace loyalty::storage {

// All of these throw Failure.

// Ids of members whose due_day has come, at most `limit`, in ascending order: not those of the lowest ids.
std::set<std::int64_t> ReadDueMemberIds(Session& session, retention::Day today, std::size_t limit);
std::int64_t CountMembers(Session& session);
std::int64_t CountStatistics(Session& session);  // rows
std::int64_t CountDueMembers(Session& session, retention::Day today);

// A member beside its statistics; without a row it has neither bought nor been classified.
struct MemberCourse {
  std::int64_t id = 0;
  std::int64_t public_id = 0;
  bool anonymous = false;
  std::int64_t store_id = 0;  // 0: none
  Instant create_time = 0;
  std::optional<StatisticsRow> statistics;
};
// Members in ascending order of their ids, those after `after`, in chunks; no snapshot is held for long. `go_on` is
// asked before each: false stops.
using OnCourses = std::function<void(std::span<const MemberCourse> courses)>;
void ReadCourses(Session& session, std::int64_t after, const OnCourses& take, const std::function<bool()>& go_on);

// Summaries of all members with statistics, in chunks; only what models and cut points are made of is read: days, first
// and last of them, amounts of all and of the first, logarithms of gaps. `go_on` is asked before each: false stops.
using OnSummaries = std::function<void(std::span<const retention::MemberSummary> summaries)>;
void ReadSummaries(Session& session, const OnSummaries& take, const std::function<bool()>& go_on);

// The purchase days of members, ascending.
std::map<std::int64_t, std::vector<retention::MemberDay>> ReadDaysOf(Session& session,
                                                                     const std::vector<std::int64_t>& member_ids);

// Consent of members to be contacted: whether the newest row of a channel grants it. Members without a row are left
// out; true: for at least one channel.
std::map<std::int64_t, bool> ReadMarketingConsents(Session& session, const std::vector<std::int64_t>& member_ids);

}  // namespace loyalty::storage
