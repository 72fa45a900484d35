#include "services/queue/read_workers.h"

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

#include "services/queue/failure_error.h"
#include "storage/planted.h"

namespace loyalty {
namespace {

// How soon a read looks again for what it waits for: each time twice as long, for who waits for what never comes takes
// the turns of others.
constexpr std::chrono::milliseconds kPollInterval{20};
constexpr int kPollDoublings = 4;
// Every thread has a session, so this is never reached unless sessions leak.
constexpr std::chrono::seconds kLeaseWait{2};
constexpr int kLongMax = 4;
// A connection may have died since it was last used: the second attempt has a new one.
constexpr int kAttempts = 2;

// Tills come first: beside a lane, reads take what it leaves. A thread that is never refused its turn would have a fair
// share, and eight apps that ask without pause are as many as 64 tills that wait for their commit.
constexpr int kNice = 10;

void GiveWay() {
  thread_local const bool done = setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice) == 0;
  static_cast<void>(done);  // where it is not allowed, reads are as quick as scans
}

Error Stopping() { return Error{Reason::kUnavailable, "the server is stopping", {}}; }

}  // namespace

std::size_t ReadThreads() { return std::max(2U, std::thread::hardware_concurrency()); }

ReadWorkers::ReadWorkers(storage::DatabaseUrl url, std::function<Instant()> clock, std::size_t threads)
    : clock_(std::move(clock)), pool_(url, std::max<std::size_t>(threads, 1)), long_pool_(url, 1) {
  if (threads == 0) return;
  threads_ = std::make_unique<boost::asio::thread_pool>(threads);
  long_thread_ = std::make_unique<boost::asio::thread_pool>(1);
}

ReadWorkers::~ReadWorkers() {
  stopping_ = true;
  if (threads_) threads_->join();
  if (long_thread_) long_thread_->join();
}

void ReadWorkers::Start(ReadJob job) {
  if (stopping_) return job.fail(Stopping());
  const std::size_t bytes = job.bytes;
  const std::int64_t principal = job.principal;
  if (!room_.Enter(principal, bytes, {kReadsMax, kReadBytesMax}))
    return job.fail(Error{Reason::kQueueFull, "too many reads wait", {}});
  if (threads_) {
    boost::asio::post(*threads_, [this, waiter = std::make_shared<Waiter>(Waiter{std::move(job)})] { Run(waiter); });
    return;
  }
  while (!RunOnce(job)) {
  }
  room_.Leave(principal, bytes);
}

bool ReadWorkers::RunOnce(ReadJob& job) {
  storage::CountUnlocked(storage::Place::kReadWorkers);
  try {
    if (stopping_) {
      job.fail(Stopping());
    } else if (clock_() >= job.deadline) {
      job.fail(Error{Reason::kDeadlineExceeded, "the deadline passed", {}});
    } else {
      const auto lease = pool_.TryLease(kLeaseWait);
      for (int attempt = 1;; ++attempt) {
        try {
          return job.run(lease->session());
        } catch (const storage::Failure& failure) {
          if (attempt == kAttempts || failure.kind() == storage::FailureKind::kOther) throw;
          if (lease->session().suspect()) lease->session().Reconnect();
        }
      }
    }
  } catch (const storage::Failure& failure) {
    job.fail(ErrorOf(failure));
  } catch (const std::exception& error) {
    job.fail(InternalError(error.what()));
  }
  return true;
}

bool ReadWorkers::MayWait(Waiter& waiter) {
  if (clock_() >= waiter.job.waits_until) {
    waiter.job.fail(Error{Reason::kUnavailable, "what was waited for did not come; ask again", {}});
    return false;
  }
  if (waiter.looks == 0 && !waiting_.Enter(waiter.job.principal, 0, {kReadsThatWaitMax})) {
    waiter.job.fail(Error{Reason::kQueueFull, "too many reads wait for what is not there yet", {}});
    return false;
  }
  ++waiter.looks;
  return true;
}

void ReadWorkers::Run(std::shared_ptr<Waiter> waiter) {
  GiveWay();
  const bool waited = waiter->looks > 0;
  if (RunOnce(waiter->job) || !MayWait(*waiter)) {
    const ReadJob& job = waiter->job;
    if (waited) waiting_.Leave(job.principal, 0);
    room_.Leave(job.principal, job.bytes);
    return;
  }
  const int doublings = std::min(waiter->looks - 1, kPollDoublings);
  auto timer = std::make_shared<boost::asio::steady_timer>(*threads_, kPollInterval * (1 << doublings));
  timer->async_wait([this, timer, waiter = std::move(waiter)](const boost::system::error_code&) { Run(waiter); });
}

void ReadWorkers::StartLong(ReadJob job) {
  if (stopping_) return job.fail(Stopping());
  if (long_reads_.fetch_add(1) >= kLongMax) {
    --long_reads_;
    return job.fail(Error{Reason::kQueueFull, "another long read is running", {}});
  }
  if (long_thread_) {
    boost::asio::post(*long_thread_, [this, shared = std::make_shared<ReadJob>(std::move(job))] { RunLong(*shared); });
  } else {
    RunLong(job);
  }
}

void ReadWorkers::RunLong(ReadJob& job) {
  if (long_thread_) GiveWay();
  try {
    if (stopping_) {
      job.fail(Stopping());
    } else if (clock_() >= job.deadline) {
      job.fail(Error{Reason::kDeadlineExceeded, "the deadline passed while another long read was running", {}});
    } else {
      job.run(long_pool_.TryLease(kLeaseWait)->session());
    }
  } catch (const storage::Failure& failure) {
    job.fail(ErrorOf(failure));
  } catch (const std::exception& error) {
    job.fail(InternalError(error.what()));
  }
  --long_reads_;
}

}  // namespace loyalty
