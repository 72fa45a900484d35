// The threads that read for RPCs: gRPC's own threads never wait for the database, and reads never wait for writers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "domain/result.h"
#include "domain/time.h"
#include "services/queue/room.h"
#include "storage/read_pool.h"

namespace boost::asio {
class thread_pool;
}

namespace loyalty {

// As many as this machine has processors, at least 2: more of them take a database beside us from the lanes, for reads
// that are answered soon enough anyway.
std::size_t ReadThreads();
// Reads that wait or run; beyond it they are refused: a late answer is worth nothing. Nobody has more than four times
// what is left to the others (WaitingRoom), so that one key cannot keep everybody from reading.
inline constexpr int kReadsMax = 1'024;
// And what their requests take of the memory, where they are large.
inline constexpr std::size_t kReadBytesMax = 16 << 20;
// Of these, those that wait for what is not there: the others always have room.
inline constexpr int kReadsThatWaitMax = kReadsMax / 2;
// A read that waits for a state that it has heard of waits for a commit that is under way, or for a replica.
inline constexpr Instant kPatience = 10 * kSecond;

// One read. Exactly one of `run` having returned true and `fail` ends it.
struct ReadJob {
  // True: done. False: what it waits for is not there yet; it runs again soon.
  std::function<bool(storage::Session& session)> run;
  std::function<void(const Error& error)> fail;
  Instant deadline = kNever;
  Instant waits_until = kNever;  // for what is not there yet; then it fails with kUnavailable
  std::size_t bytes = 0;         // of its request
  std::int64_t principal = 0;    // who asks
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

  // Of those that wait or run; long ones are few.
  std::size_t waiting_bytes() const { return room_.bytes(); }

 private:
  // A read on its way, and how often it has found that what it waits for is not there.
  struct Waiter {
    ReadJob job;
    int looks = 0;
  };

  // True: it has ended.
  bool RunOnce(ReadJob& job);
  void Run(std::shared_ptr<Waiter> waiter);
  // Whether it may wait; else it has been told.
  bool MayWait(Waiter& waiter);
  void RunLong(ReadJob& job);

  std::function<Instant()> clock_;
  storage::ReadPool pool_;
  storage::ReadPool long_pool_;
  WaitingRoom room_;     // of those that wait or run
  WaitingRoom waiting_;  // of these, for what is not there
  std::atomic<int> long_reads_{0};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<boost::asio::thread_pool> threads_;
  std::unique_ptr<boost::asio::thread_pool> long_thread_;
};

}  // namespace loyalty
