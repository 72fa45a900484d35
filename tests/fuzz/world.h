// A server without a network and without threads: the real services, write queue and readers on a database in memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/catalogue/snapshot.h"
#include "services/queue/deps.h"
#include "services/queue/job_bell.h"
#include "services/queue/pin_workers.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"

struct sqlite3;

namespace loyalty::fuzz {

// Everything begins here: 2026-03-02T10:00:00Z.
inline constexpr Instant kStart = 1'772'445'600 * kSecond;

// Who calls. The last three have a key that nobody may use.
enum class Identity : std::uint8_t { kAdmin, kNorthTill, kSouthTill, kNobody, kWrong, kExpired, kRevoked };
inline constexpr int kIdentities = 7;

// The value of the `authorization` metadata; empty for kNobody.
std::string AuthorizationOf(Identity identity);

// Stores north (terminals t1, t2) and south (t3), a catalogue in which points wait a day and live for thirty, and a
// range of cards. The keys are the same for all worlds (test::TestKeys), so that page tokens and names of one lead
// somewhere in the next. `content`: what another world's Save wrote; empty: only that.
class World {
 public:
  explicit World(const std::string& content = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const Deps& deps() const { return *deps_; }

  Instant now() const { return now_; }
  // Lets time pass.
  void Pass(Instant time);
  // Before a call that waits for a ledger position: its second look at the database comes after its deadline.
  void BeforeCall() { looks_ = 0; }

  // A session beside those of the server.
  storage::Session& reader() { return *reader_; }
  // The whole database; nothing may be going on.
  std::string Save() const;

 private:
  storage::DatabaseUrl url_;
  sqlite3* keeper_ = nullptr;  // a database in memory lives as long as a connection
  Instant now_ = kStart;
  int looks_ = 0;
  std::unique_ptr<storage::Session> reader_;
  std::unique_ptr<SnapshotHolder> snapshots_;
  std::unique_ptr<ReadWorkers> reads_;
  PinWorkers pins_{false};
  std::unique_ptr<WriteQueue> queue_;
  JobBell job_bell_;  // nobody listens
  std::unique_ptr<Deps> deps_;
};

}  // namespace loyalty::fuzz
