// The database of a simulation and the two servers in front of it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/batch/recovery.h"
#include "services/catalogue/snapshot.h"
#include "tests/sim/chance.h"
#include "tests/sim/databases.h"
#include "tests/sim/program.h"

namespace loyalty::sim {

// What a statement may do instead of its work.
// kChanged: as on a cluster, where no lock keeps another node from a member's row; what it did must not survive ours.
// The last two SQLite does itself: the write lock is with somebody else until ours pauses, and there is no page left.
// On MariaDB they are a conflict and a disk that is full, as it would tell them.
enum class Fault : std::uint8_t { kConflict, kDuplicate, kLost, kFull, kOther, kCrash, kChanged, kLocked, kDiskFull };
inline constexpr int kFaults = 9;

// A server that dies. No std::exception: nothing between it and the simulation may take it for anything else.
struct Crash {};

// The program's rules and shops; a point is worth a cent; cards 1 to 999 make a member at their first scan.
class World {
 public:
  World(std::uint64_t seed, const Program& program, Databases& databases);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::shared_ptr<const Snapshot> snapshot() const { return snapshot_; }
  storage::Session& reader() { return reader_; }

  // Runs commands as one batch of a server at `now`. Fault `fault` happens at statement `at` (from 1) of the batch, if
  // it is one of a statement; the number of faults that happened is added to `faults`. An answer that is missing was
  // lost with the server.
  std::vector<std::optional<Result<Answer>>> Run(std::size_t server, const std::vector<Command>& commands, Instant now,
                                                 std::optional<Fault> fault, int at, std::int64_t& faults);

  // What a command would come to: nothing is written.
  Result<Answer> Quote(const Command& command, Instant now);

  // Of the last Run: the commands that were answered, by their places, in the order in which they took effect.
  const std::vector<std::size_t>& turns() const { return turns_; }
  // The last Run committed a batch, lost the answer, and ran it again.
  bool lost_commit() const { return lost_commit_; }

  static const ProgramKeys& Keys();

 private:
  struct Server {
    explicit Server(const storage::DatabaseUrl& url) : session(url) {}
    storage::Session session;
    storage::IdBlock ids;
  };

  // Lets a fault happen in the next batch; ends what lasts longer than a statement.
  void Arm(Server& server, Fault fault, int at, std::int64_t& faults);
  void Disarm(Server& server, Fault fault);
  void Unlock();

  Databases& databases_;
  storage::DatabaseUrl url_;
  storage::Session reader_;  // the database lives as long as a connection
  Chance random_;            // names that servers draw
  std::array<std::unique_ptr<Server>, 2> servers_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::size_t> turns_;
  bool lost_commit_ = false;
  bool locked_ = false;  // by the reader
};

}  // namespace loyalty::sim
