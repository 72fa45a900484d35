#include "services/read_workers.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "services/failure_error.h"

namespace loyalty {
namespace {

// How often a read looks again for what it waits for.
constexpr std::chrono::milliseconds kPollInterval{20};
// Every thread has a session, so this is never reached unless sessions leak.
constexpr std::chrono::seconds kLeaseWait{2};
constexpr int kLongMax = 4;
// A connection may have died since it was last used: the second attempt has a new one.
constexpr int kAttempts = 2;

Error Stopping() { return Error{Reason::kUnavailable, "the server is stopping", {}}; }

}  // namespace

ReadWorkers::ReadWorkers(storage::DatabaseUrl url, std::function<Instant()> clock, std::size_t threads)
    : clock_(std::move(clock)), pool_(url, std::max<std::size_t>(threads, 1)), long_pool_(url, 1) {
  if (threads == 0) return;
  threads_.emplace(threads);
  long_thread_.emplace(1);
}

ReadWorkers::~ReadWorkers() {
  stopping_ = true;
  if (threads_) threads_->join();
  if (long_thread_) long_thread_->join();
}

void ReadWorkers::Start(ReadJob job) {
  if (stopping_) return job.fail(Stopping());
  if (reads_.fetch_add(1) >= kReadsMax) {
    --reads_;
    return job.fail(Error{Reason::kQueueFull, "too many reads wait", {}});
  }
  if (threads_) {
    boost::asio::post(*threads_, [this, shared = std::make_shared<ReadJob>(std::move(job))] { Run(shared); });
    return;
  }
  while (!RunOnce(job)) {
  }
  --reads_;
}

bool ReadWorkers::RunOnce(ReadJob& job) {
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

void ReadWorkers::Run(std::shared_ptr<ReadJob> job) {
  if (RunOnce(*job)) {
    --reads_;
    return;
  }
  auto timer = std::make_shared<boost::asio::steady_timer>(*threads_, kPollInterval);
  timer->async_wait([this, timer, job = std::move(job)](const boost::system::error_code&) { Run(job); });
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
  try {
    if (stopping_) {
      job.fail(Stopping());
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
