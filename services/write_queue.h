// The one way to change anything: every command waits here for its lane, and a lane commits batches.
#pragma once

#include <memory>
#include <string>

#include "domain/ledger.h"
#include "services/batch/command.h"
#include "services/snapshot.h"
#include "storage/url.h"

namespace loyalty {

struct WriteQueueOptions {
  int lanes = 1;                   // SQLite: never more than 1; 0: no threads, Submit runs the command itself
  std::size_t capacity = 4'096;    // waiting commands of all lanes; beyond it Submit refuses with kQueueFull
  std::size_t batch_max = 256;     // commands of a batch
  std::function<Instant()> clock;  // server time
  std::function<void(std::size_t)> on_batch;  // told the size of every committed batch; may be empty
};

class WriteQueue {
 public:
  // Connects the lanes. Throws storage::Failure when the database cannot be reached.
  WriteQueue(const storage::DatabaseUrl& url, SnapshotHolder& snapshots, const ChainKey& key, std::int64_t key_id,
             WriteQueueOptions options);
  // Finishes what has been accepted, then stops.
  ~WriteQueue();

  // Takes a command. `done` is called exactly once, on a lane's thread and never before COMMIT; it must not block.
  // Without lanes (tests, fuzzers) it is called before Submit returns, and Submit must not be called by two threads.
  // Errors (done is not called then): kQueueFull, kUnavailable (stopping).
  Status Submit(Command command, Done done);
  // Submit and wait.
  Result<Answer> Execute(Command command);

  std::size_t waiting() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace loyalty
