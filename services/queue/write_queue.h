// The one way to change anything: every command waits here for its lane, and a lane commits batches.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "services/catalogue/snapshot.h"
#include "services/commands/command.h"
#include "storage/session.h"
#include "storage/url.h"

namespace loyalty {

// Requests that wait, as they were sent; as commands they take more. The places that there are (CapacityOf) end first
// with receipts of a kilobyte or two, and the bytes with those of 600 kB, the largest that are allowed.
inline constexpr std::size_t kQueueBytesMax = 16 << 20;

struct WriteQueueOptions {
  int lanes = 1;                           // SQLite: never more than 1; 0: no threads, Submit runs the command itself
  std::size_t batch_max = 256;             // commands of a batch
  std::size_t capacity = 0;                // commands that have no answer yet, all lanes; 0: CapacityOf
  std::size_t bytes_max = kQueueBytesMax;  // of their requests
  std::function<Instant()> clock;          // server time
  std::function<void(std::size_t)> on_batch;  // told the size of every committed batch; may be empty
  // Told of a database that is lost or full, on a lane's thread; may be empty.
  std::function<void(const storage::Failure&)> on_failure;
  std::function<void(const storage::Failure&)> on_conflict;      // of each conflict, on a lane's thread; may be empty
  std::chrono::milliseconds renew_after = storage::kRenewAfter;  // a connection that rested so long is opened anew
};

// Who sends a command. Streams slow down where a single call is refused, and leave it room.
enum class Sender : std::uint8_t { kCall, kStream };

class WriteQueue {
 public:
  // A batch in commit, one that waits, and half of one for calls that streams cannot fill: what is more would wait
  // longer without being done sooner, and memory stays bounded however slow the database is.
  static std::size_t CapacityOf(int lanes, std::size_t batch_max) {
    return static_cast<std::size_t>(lanes) * (2 * batch_max + batch_max / 2);
  }

  // Connects the lanes. Throws storage::Failure when the database cannot be reached.
  WriteQueue(const storage::DatabaseUrl& url, SnapshotHolder& snapshots, const ProgramKeys& keys,
             WriteQueueOptions options);
  // Finishes what has been accepted, then stops.
  ~WriteQueue();

  // Takes a command. `done` is called exactly once, on a lane's thread or beside it, never before COMMIT; it must
  // not block.
  // Without lanes (tests, fuzzers) it is called before Submit returns, and Submit must not be called by two threads.
  // Errors (done is not called then, and the command is left as it was): kUnavailable (stopping), kQueueFull (capacity
  // or bytes are reached; for streams already at four fifths of either, and for a principal that has four times as much
  // as is free).
  Status Submit(Command&& command, Done done, Sender sender = Sender::kCall);
  // For whoever was told kQueueFull and can wait: `then` is called once, when a command has left or none is there, on
  // the thread that leaves or at once. First come, first called; what it finds room for may be too much again. It must
  // not block.
  void WhenRoom(std::function<void()> then);
  // Submit and wait.
  Result<Answer> Execute(Command command);

  std::size_t waiting() const;
  std::size_t waiting_bytes() const;
  // Returns when the batches that lanes are working on have ended, on every lane: whoever has made a snapshot known
  // before sees nothing decided by an older one afterwards. Not on a lane's thread.
  void AwaitBatches() const;
  // True when the database failed a lane of late, and nothing has been committed since.
  bool IsAway() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace loyalty
