// The write path on a SQLite database without the server around it: in this process, and batches as large as one wants.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/batch/run_batch.h"
#include "services/catalogue/snapshot.h"
#include "tests/bench/meters.h"

namespace loyalty::test {

// Everything throws std::runtime_error or storage::Failure.
class WritePath {
 public:
  // Of a program that a server has set up and left.
  explicit WritePath(const storage::DatabaseUrl& url);

  // The command that a server makes of a scan at its terminal.
  Command CommandOf(const v1::ScanRequest& request) const;
  // As one batch; all must be accepted.
  void Run(const std::vector<Command>& commands, Instant now);

  // With the settings of a server's lane.
  storage::Session& session() { return session_; }
  sqlite3* connection() const { return connection_; }

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  ConnectionCatcher catcher_;
  storage::Session session_;
  sqlite3* connection_;
  storage::IdBlock ids_;
  std::mt19937_64 random_;
};

}  // namespace loyalty::test
