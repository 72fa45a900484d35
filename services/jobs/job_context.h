// What the work of a job sees of the server: reads, transactions under the lease, progress, and when to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <set>
#include <string>

#include "services/catalogue/snapshot.h"
#include "services/commands/step.h"
#include "services/queue/deps.h"
#include "storage/jobs.h"

namespace loyalty {

// The lease under which one server of a program works on jobs.
inline constexpr const char* kJobsLease = "jobs";
inline constexpr Instant kLeaseTime = 15 * kSecond;

// What work on a job came to for now.
enum class JobEnd : std::uint8_t {
  kDone,     // it has ended, one way or another, and is written
  kStopped,  // this server stops, or has lost the lease: whoever holds it goes on
};

// What a step has locked beside the lease and the job.
struct StepLocks {
  std::set<std::int64_t> member_ids = {};
  bool locks_program = false;
};

// One thread uses it; only snapshot() and now() are for several.
class JobContext {
 public:
  // `stopping` is set by another thread.
  JobContext(const Deps& deps, storage::Session& session, std::string holder, const std::atomic<bool>& stopping)
      : deps_(deps), session_(session), holder_(std::move(holder)), stopping_(stopping) {}

  const Deps& deps() const { return deps_; }
  storage::Session& session() { return session_; }  // for reads, outside transactions
  const storage::JobRow& job() const { return job_; }
  Instant now() const { return deps_.clock(); }
  std::shared_ptr<const Snapshot> snapshot() const;
  void Pause(std::chrono::milliseconds time) const;

  // Makes `job` the one that is worked on, and RUNNING. False: there is nothing to do, or not for us.
  bool Begin(const storage::JobRow& job);

  using StepFunction = std::function<Status(StepView& view)>;
  // One transaction of the write path under the lease; the job is written with it. `step` may run again after one that
  // took effect, and sees what is stored. False: stop, see ended(). An error of `step` ends the job as failed.
  bool Step(const StepFunction& step, const StepLocks& locks = {});
  // Tills come first: after so much work waits fifteen times as long while any of them waits, but at most a sixth of
  // the time for which the lease is held: two may follow on each other before it is kept again.
  void GiveWay(std::chrono::steady_clock::duration worked);
  // Called between pieces of work: gives way for the time since that was last done, and writes progress at most once a
  // second; `result`, unless it is empty, says where the work stands (JobRow::result). False: stop.
  bool Report(std::int64_t done, std::int64_t total, const std::string& result = {});
  // Ends the job well with what `store` has written, in one transaction; `store` answers the name of its run.
  JobEnd Finish(const std::function<Result<std::string>(StepView& view)>& store);
  // Ends the job with an error.
  JobEnd Fail(const Error& error);
  // Notes that the work on a job threw. How often it has, at all servers; 0: it could not be noted.
  int CountFailure(std::int64_t job_id);

  // After a step that said stop.
  JobEnd ended() const { return ended_; }

  // A transaction under the lease that is no job's. False: the lease is lost, or the database away.
  bool Write(const StepFunction& write, std::int64_t job_id = 0, bool locks_program = false);
  // Whether it was ours the last time that was asked.
  bool holds_lease() const { return holds_lease_; }
  // Numbers moves that have none yet.
  void NumberTransitions();

 private:
  enum class Fate : std::uint8_t { kOk, kLost, kEnded };

  // Errors: of the step, and those of the write path.
  Status Submit(const loyalty::Step& step);

  const Deps& deps_;
  storage::Session& session_;
  const std::string holder_;
  const std::atomic<bool>& stopping_;
  storage::JobRow job_;
  JobEnd ended_ = JobEnd::kStopped;
  bool holds_lease_ = false;
  Instant report_time_ = 0;
  std::chrono::steady_clock::time_point rested_;
};

}  // namespace loyalty
