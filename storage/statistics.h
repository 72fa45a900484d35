// The row of member_statistics: what retention keeps of a member.
#pragma once

#include <cstdint>
#include <string>

#include "retention/summary.h"
#include "retention/transition.h"
#include "storage/session.h"

namespace loyalty::storage {

struct StatisticsRow {
  retention::MemberSummary summary;
  std::int64_t unlinked_returns = 0;
  retention::Day enrolled_day = 0;
  retention::LifecycleState lifecycle;
  std::int64_t transitions = 0;  // rows of lifecycle_transitions
};

// "member_id, first_day, ...": what StatisticsOf reads, from the first column on; the types of these columns.
extern const std::string kStatisticsColumns;
extern const std::string kStatisticsTypes;
// The row without its first column, the member's id.
StatisticsRow StatisticsOf(const ResultRow& row);

// Rows of members by id, and of those with an id in (?, ?], in the order of their ids.
const SetStatement& SelectStatistics();
const SetStatement& SelectStatisticsBetween();

// Of the same rows only what standings are judged by, and the standings (MemberPosition); the id first.
const SetStatement& SelectStandingsBetween();
void StandingOf(const ResultRow& row, retention::MemberSummary& summary, retention::LifecycleState& lifecycle);

// Rows for a member, its id first. UpsertStatistics leaves due_day as it is: an index goes with that column, which a
// sale does not have to move (retention::LifecycleState); UpdateDueDays moves it.
const SetStatement& UpsertStatistics();
void AddStatistics(Rows& rows, std::int64_t member_id, const StatisticsRow& statistics);
const SetStatement& UpdateDueDays();

}  // namespace loyalty::storage
