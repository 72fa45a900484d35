// Figures of a program that a server shows to whoever watches it. Plain reads; all throw Failure.
#pragma once

#include <cstdint>
#include <map>

#include "domain/time.h"
#include "storage/session.h"
#include "storage/tables/alerts.h"
#include "storage/tables/jobs.h"

namespace loyalty::storage {

// How many jobs there are in each state that one is in.
std::map<JobState, std::int64_t> CountJobs(Session& session);

// How many alerts are open, of each kind that one is of.
std::map<AlertKind, std::int64_t> CountOpenAlerts(Session& session);

// For each store that has one, the record time of a receipt of its newest business date: one look into an index for
// each terminal, so that it may be some hours older than the last one.
std::map<std::int64_t, Instant> RecentReceipts(Session& session);

// Balances of members, added up.
struct BalanceSums {
  std::int64_t available = 0;
  std::int64_t pending = 0;
  std::int64_t held = 0;
  std::int64_t debt = 0;
};
// Adds those of the next members after this id, in the order of their ids, at most `limit`. Returns the last id; 0:
// there are no more.
std::int64_t AddBalances(Session& session, std::int64_t after_id, int limit, BalanceSums& sums);

}  // namespace loyalty::storage
