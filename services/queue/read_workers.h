// The threads that read for RPCs: gRPC's own threads never wait for the database, and reads never wait for writers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "domain/result.h"
#include "domain/time.h"
#include "storage/read_pool.h"

namespace boost::asio {
class thread_pool;
}

namespace loyalty {

// As many as this machine has processors, at least 2: more of them take a database beside us from the lanes, for reads
// that are answered soon enough anyway.
std::size_t ReadThreads();
// Reads that wait or run; beyond it they are refused: a late answer is worth nothing.
inline constexpr int kReadsMax = 1'024;

// One read. Exactly one of `run` having returned true and `fail` ends it.
struct ReadJob {
  // True: done. False: what it waits for is not there yet; it runs again soon.
  std::function<bool(storage::Session& session)> run;
  std::function<void(const Error& error)> fail;
  Instant deadline = kNever;
};

class ReadWorkers {
 public:
  // `threads` 0 (tests, fuzzers): Start and StartLong run the job themselves, again and again until it is done.
  ReadWorkers(storage::DatabaseUrl url, std::function<Instant()> clock, std::size_t threads = ReadThreads());
  // Ends what runs; what waits fails with kUnavailable.
  ~ReadWorkers();

  // Errors of `fail`: kQueueFull, kDeadlineExceeded, kUnavailable, kContention, kInternal. May call it at once.
  void Start(ReadJob job);
  // Runs something long on a thread and a session of its own, one at a time. Errors of `fail`: as above.
  void StartLong(ReadJob job);

 private:
  // True: it has ended.
  bool RunOnce(ReadJob& job);
  void Run(std::shared_ptr<ReadJob> job);
  void RunLong(ReadJob& job);

  std::function<Instant()> clock_;
  storage::ReadPool pool_;
  storage::ReadPool long_pool_;
  std::atomic<int> reads_{0};
  std::atomic<int> long_reads_{0};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<boost::asio::thread_pool> threads_;
  std::unique_ptr<boost::asio::thread_pool> long_thread_;
};

}  // namespace loyalty
