// What a server shows of its program, looked up beside its work: no scrape of the metrics waits for the database.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "services/catalogue/periodic.h"
#include "services/catalogue/snapshot.h"
#include "services/grpc/state_now.h"
#include "storage/session.h"
#include "storage/url.h"

namespace loyalty {

// Jobs and open alerts are counted every 2 s. Points are summed up once an hour, page after page of members with a
// pause behind each, on a connection of its own: the sum is of the minutes in which that ran. A database that is away
// is left to the next look. Thread safe.
class Figures {
 public:
  // `snapshots` outlives it.
  Figures(storage::DatabaseUrl url, const SnapshotHolder& snapshots, std::function<Instant()> clock);
  // Stops within a page.
  ~Figures();

  // This server has recorded a receipt of a store.
  void Recorded(std::int64_t store_id);
  // Adds what is known.
  void Add(StateNow& now) const;

 private:
  void Look();
  void CountOpen(storage::Session& session);  // jobs and alerts
  void SumPoints(storage::Session& session);

  const storage::DatabaseUrl url_;
  const SnapshotHolder& snapshots_;
  const std::function<Instant()> clock_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<storage::Session> session_;  // of the looks
  bool knows_receipts_ = false;                // of before this server began; of the looks
  Instant next_sum_ = 0;                       // of the looks
  mutable std::mutex mutex_;                   // guards all below
  std::map<std::string, std::int64_t> jobs_;
  std::map<std::string, std::int64_t> alerts_;
  std::map<std::int64_t, Instant> receipts_;  // by store
  std::optional<PointTotals> points_;
  Instant points_time_ = 0;
  Periodic looks_;  // the last member: it uses the others
};

// Of the keys of callers in this snapshot.
Ends EndsOfKeys(const Snapshot& snapshot, Instant now);
// Of these times, in seconds since 1970.
Ends EndsOf(const std::vector<std::int64_t>& times, Instant now);

}  // namespace loyalty
