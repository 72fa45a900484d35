// Takes the checkpoints of a SQLite database beside its writer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/session.h"

namespace loyalty::storage {

// Commits go to the write-ahead log, and from there pages must be copied to the database file and synced. SQLite does
// that within some commit, whose callers wait for it: under load 30 ms several times a second. A thread with a
// connection of its own copies what has been committed without being in anybody's way (PASSIVE), so that little is left
// when a commit of the writer finds the log long (wal_autocheckpoint) and, having copied the rest, starts it again.
// Durability does not depend on it: what is in the log is committed.
class Checkpointer {
 public:
  // Connects. Throws Failure.
  explicit Checkpointer(const DatabaseUrl& url);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  void Run();

  Session session_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace loyalty::storage
