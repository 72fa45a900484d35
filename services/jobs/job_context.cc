#include "services/jobs/job_context.h"

#include <thread>

#include "services/queue/failure_error.h"
#include "services/queue/write_queue.h"
#include "storage/transitions.h"

namespace loyalty {
namespace {

using storage::JobState;

constexpr int kTriesMax = 20;
constexpr std::chrono::milliseconds kBetweenTries{250};
constexpr int kShareOfTills = 15;
constexpr std::chrono::milliseconds kPauseMax(kLeaseTime / 6 / (kSecond / 1'000));
constexpr int kNumberedAtOnce = 2'000;

// What another try may end well.
bool MayPass(Reason reason) {
  return reason == Reason::kContention || reason == Reason::kUnavailable || reason == Reason::kQueueFull ||
         reason == Reason::kCatalogueStale;
}

}  // namespace

std::shared_ptr<const Snapshot> JobContext::snapshot() const { return deps_.snapshots.Newest(); }

void JobContext::Pause(std::chrono::milliseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stopping_ && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(time, std::chrono::milliseconds(50)));
}

// Again when the write path is full or the database away: a job has time.
Status JobContext::Submit(const loyalty::Step& step) {
  Error last{Reason::kUnavailable, "this server stops", {}};
  for (int tries = 0; tries < kTriesMax && !stopping_; ++tries) {
    Command command;
    command.request_id = "job";
    command.payload = step;
    const auto answer = deps_.queue.Execute(std::move(command));
    if (answer) return Ok{};
    last = answer.error();
    if (!MayPass(last.reason)) break;
    Pause(kBetweenTries);
  }
  return last;
}

bool JobContext::Write(const StepFunction& write, std::int64_t job_id, bool locks_program) {
  bool kept = false;
  loyalty::Step step;
  step.hold = loyalty::Step::Hold::kTake;
  step.lease = kJobsLease;
  step.holder = holder_;
  step.until = now() + kLeaseTime;
  step.job_id = job_id;
  step.locks_program = locks_program;
  step.run = [&](StepView& view) -> Status {
    kept = view.held;
    return kept ? write(view) : Status(Ok{});
  };
  const Status done = Submit(step);
  holds_lease_ = done && kept;
  return holds_lease_;
}

bool JobContext::Begin(const storage::JobRow& job) {
  ended_ = JobEnd::kStopped;
  bool ours = false;
  Write(
      [&](StepView& view) -> Status {
        ours = false;
        storage::JobRow* row = view.job;
        if (row == nullptr || HasEnded(row->state)) return Ok{};
        const bool cancelled = row->state == JobState::kCancelling;
        row->state = cancelled ? JobState::kCancelled : JobState::kRunning;
        row->update_time = view.rules.now;
        job_ = *row;
        ours = !cancelled;
        return Ok{};
      },
      job.id);
  report_time_ = now();
  rested_ = std::chrono::steady_clock::now();
  return ours;
}

bool JobContext::Step(const StepFunction& step, const StepLocks& locks) {
  Fate fate = Fate::kLost;
  loyalty::Step command;
  command.lease = kJobsLease;
  command.holder = holder_;
  command.until = now() + kLeaseTime;
  command.job_id = job_.id;
  command.member_ids = locks.member_ids;
  command.locks_program = locks.locks_program;
  command.run = [&](StepView& view) -> Status {
    fate = Fate::kLost;
    if (!view.held) return Ok{};
    storage::JobRow* row = view.job;
    fate = Fate::kEnded;
    if (row == nullptr || HasEnded(row->state)) return Ok{};
    row->update_time = view.rules.now;
    if (row->state == JobState::kCancelling) {
      row->state = JobState::kCancelled;
    } else {
      if (const Status done = step(view); !done) return done.error();  // what it wrote is undone
      if (!HasEnded(row->state)) fate = Fate::kOk;
    }
    job_ = *row;
    return Ok{};
  };
  const Status submitted = Submit(command);
  ended_ = submitted && fate == Fate::kEnded ? JobEnd::kDone : JobEnd::kStopped;
  if (!submitted && !MayPass(submitted.error().reason)) ended_ = Fail(submitted.error());
  return submitted && fate == Fate::kOk;
}

void JobContext::GiveWay(std::chrono::steady_clock::duration worked) {
  if (deps_.queue.waiting() > 0) {
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kShareOfTills * worked);
    Pause(std::min(pause + std::chrono::milliseconds(1), kPauseMax));
  }
  rested_ = std::chrono::steady_clock::now();  // the pause is no work
}

bool JobContext::Report(std::int64_t done, std::int64_t total, const std::string& result) {
  GiveWay(std::chrono::steady_clock::now() - rested_);
  if (stopping_) return false;
  if (now() - report_time_ < kSecond) return true;
  NumberTransitions();
  const bool ok = Step([&](StepView& view) -> Status {
    view.job->done = done;
    view.job->total = total;
    if (!result.empty()) view.job->result = result;
    return Ok{};
  });
  report_time_ = now();
  return ok;
}

JobEnd JobContext::Finish(const std::function<Result<std::string>(StepView& view)>& store) {
  Step([&store](StepView& view) -> Status {
    auto run = store(view);
    if (!run) return run.error();
    view.job->state = JobState::kSucceeded;
    view.job->result = *std::move(run);
    return Ok{};
  });
  return ended_;
}

JobEnd JobContext::Fail(const Error& failure) {
  const Error error = ForCaller(failure);
  bool written = false;
  Write(
      [&](StepView& view) -> Status {
        storage::JobRow* row = view.job;
        written = true;
        if (row == nullptr || HasEnded(row->state)) return Ok{};
        row->state = JobState::kFailed;
        row->result = std::string(ReasonName(error.reason)) + " " + error.message;
        row->update_time = view.rules.now;
        return Ok{};
      },
      job_.id);
  return written ? JobEnd::kDone : JobEnd::kStopped;
}

int JobContext::CountFailure(std::int64_t job_id) {
  int failures = 0;
  Write(
      [&failures](StepView& view) -> Status {
        if (view.job != nullptr) failures = ++view.job->failures;
        return Ok{};
      },
      job_id);
  return failures;
}

void JobContext::NumberTransitions() {
  while (!stopping_ && storage::HasUnnumberedTransitions(session_)) {
    const bool done = Write([](StepView& view) -> Status {
      std::int64_t position = storage::LastTransitionPosition(view.session);
      for (auto& row : storage::ReadUnnumberedTransitions(view.session, kNumberedAtOnce))
        view.set.of<storage::TransitionRow>().Take(std::move(row)).position = ++position;
      return Ok{};
    });
    if (!done) return;
  }
}

}  // namespace loyalty
