#include "storage/figures.h"

#include <algorithm>
#include <string>

namespace loyalty::storage {

std::map<JobState, std::int64_t> CountJobs(Session& session) {
  std::map<JobState, std::int64_t> counts;
  session.Read("SELECT state, COUNT(*) FROM jobs GROUP BY state",
               [&counts](JobState state, std::int64_t count) { counts[state] = count; });
  return counts;
}

std::map<AlertKind, std::int64_t> CountOpenAlerts(Session& session) {
  std::map<AlertKind, std::int64_t> counts;
  session.Read("SELECT limit_kind, COUNT(*) FROM alerts WHERE state = 1 GROUP BY limit_kind",
               [&counts](int limit, std::int64_t count) { counts[KindOf(static_cast<Limit>(limit))] += count; });
  return counts;
}

std::map<std::int64_t, Instant> RecentReceipts(Session& session) {
  std::map<std::int64_t, Instant> times;
  session.Read(
      "SELECT t.store_id, (SELECT r.record_time FROM receipts r WHERE r.terminal_id = t.id "
      "ORDER BY r.epoch DESC, r.business_date DESC LIMIT 1) FROM terminals t",
      [&times](std::int64_t store_id, std::optional<Instant> time) {
        if (time) times[store_id] = std::max(times[store_id], *time);
      });
  return times;
}

std::int64_t AddBalances(Session& session, std::int64_t after_id, int limit, BalanceSums& sums) {
  std::int64_t last = 0;
  session.Read(
      "SELECT COALESCE(MAX(id), 0), COALESCE(SUM(available), 0), COALESCE(SUM(pending), 0), COALESCE(SUM(held), 0), "
      "COALESCE(SUM(debt), 0) FROM (SELECT id, available, pending, held, debt FROM members WHERE id > " +
          std::to_string(after_id) + " ORDER BY id LIMIT " + std::to_string(limit) + ") AS page",
      [&](std::int64_t id, std::int64_t available, std::int64_t pending, std::int64_t held, std::int64_t debt) {
        last = id;
        sums.available += available;
        sums.pending += pending;
        sums.held += held;
        sums.debt += debt;
      });
  return last;
}

}  // namespace loyalty::storage
