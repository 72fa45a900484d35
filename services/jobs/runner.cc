#include "services/jobs/runner.h"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <thread>
#include <utility>

#include "loyalty/v1/retention_service.pb.h"
#include "services/jobs/schedule.h"
#include "services/jobs/work.h"
#include "services/queue/job_bell.h"
#include "services/queue/write_queue.h"
#include "storage/names.h"
#include "storage/seal.h"

namespace loyalty {
namespace {

constexpr std::chrono::milliseconds kLook{100};
constexpr int kNice = 15;
// Jobs that are looked through for one that this server knows.
constexpr int kOpenJobsMost = 1'000;
// Then a job that throws has failed, whoever tried it.
constexpr int kTriesMost = 3;

// Told apart from every other server that has ever been.
std::string RandomHolder() {
  std::int64_t bits = 0;
  randombytes_buf(&bits, sizeof bits);
  return storage::PublicName(bits);
}

}  // namespace

struct JobRunner::Impl {
  Impl(storage::DatabaseUrl database, const Deps& given)
      : url(std::move(database)), deps(given), holder(RandomHolder()), started(given.clock()) {}

  storage::DatabaseUrl url;
  const Deps& deps;
  const std::string holder;
  const Instant started;
  std::unique_ptr<storage::Session> session;
  std::unique_ptr<JobContext> context;
  std::atomic<bool> stopping{false};
  std::atomic<bool> rung{false};  // and not looked since
  boost::asio::io_context io;
  boost::asio::steady_timer timer{io};
  std::thread thread;

  void Wait() {
    timer.expires_after(kLook);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error || stopping) return;
      Look();
      Wait();
    });
  }

  // A failure of the database, or a thread that cannot be had, is left to the next look, and told once.
  void Look() {
    try {
      LookAt();
      away = false;
    } catch (const std::exception& failure) {
      if (!std::exchange(away, true)) spdlog::warn("jobs: {}", failure.what());
    }
  }
  bool away = false;
  Instant numbered = 0;  // when moves were last numbered: each time costs the tills' lane a commit

  void LookAt() {
    if (!session) {
      session = std::make_unique<storage::Session>(url);
      session->KeepFewPages();
      context = std::make_unique<JobContext>(deps, *session, holder, stopping);
    }
    if (session->suspect()) session->Reconnect();
    if (!storage::IsLeaseFree(*session, kJobsLease, holder, deps.clock())) return;
    StartWhatIsDue();
    if (const Instant now = deps.clock(); now - numbered >= kSecond) {
      numbered = now;
      context->NumberTransitions();
    }
    TellSeal();
    while (!stopping && WorkOnNext()) {
    }
  }

  // The oldest job that this server can work on: one of a newer server waits for that, and holds up no other. False:
  // there is none, or not now.
  bool WorkOnNext() {
    for (const auto& job : storage::OpenJobs(*session, kOpenJobsMost))
      if (IsForUs(job)) return Work(job);
    return false;
  }
  static bool IsForUs(const storage::JobRow& job) {
    v1::JobKind kind = v1::JOB_KIND_UNSPECIFIED;
    // To cancel one is all that this server can do for a newer one.
    return v1::JobKind_Parse(job.kind, &kind) || job.state == storage::JobState::kCancelling;
  }

  // A job that fails each time it is tried would keep all others waiting for ever: it ends.
  bool Work(const storage::JobRow& job) {
    try {
      return WorkOn(job);
    } catch (const storage::Failure& failure) {
      if (failure.kind() != storage::FailureKind::kOther) throw;  // the database is away: no fault of the job
      return Failed(job, failure.what());
    } catch (const std::exception& error) {
      return Failed(job, error.what());
    }
  }
  bool Failed(const storage::JobRow& job, const std::string& why) {
    spdlog::error("{} {} failed: {}", JobName(job.id), job.kind, why);
    if (context->CountFailure(job.id) < kTriesMost) return false;
    return context->Fail(Error{Reason::kInternal, why, {}}) == JobEnd::kDone;
  }

  // The log is kept elsewhere than the database: what it says of an hour is what a database set back is held against.
  void TellSeal() {
    const Instant now = deps.clock();
    if (now < told + 3600 * kSecond) return;
    spdlog::info("SEAL {}", storage::SealText(storage::ReadSeal(*session, deps.keys)));
    told = now;
  }
  Instant told = 0;

  // False: not now.
  bool WorkOn(const storage::JobRow& job) {
    v1::JobKind kind = v1::JOB_KIND_UNSPECIFIED;
    (void)v1::JobKind_Parse(job.kind, &kind);
    if (!context->Begin(job)) {
      const auto now = storage::FindJob(*session, job.id);
      return now && HasEnded(now->state);
    }
    spdlog::info("{} {} begins", JobName(job.id), job.kind);
    JobEnd end = JobEnd::kStopped;
    switch (kind) {
      case v1::JOB_KIND_FIT_MODELS: end = WorkOnFit(*context); break;
      case v1::JOB_KIND_BACKTEST_MODELS: end = WorkOnBacktest(*context); break;
      case v1::JOB_KIND_CLASSIFY_MEMBERS: end = WorkOnClassification(*context); break;
      case v1::JOB_KIND_VERIFY_LEDGER: end = WorkOnLedgerVerification(*context); break;
      case v1::JOB_KIND_VERIFY_STATISTICS: end = WorkOnStatisticsVerification(*context); break;
      default: return false;
    }
    const auto ended = storage::FindJob(*session, job.id);
    if (ended && HasEnded(ended->state))
      spdlog::info("{} ends: {}", JobName(job.id), v1::JobState_Name(static_cast<v1::JobState>(ended->state)));
    return end == JobEnd::kDone;
  }

  void StartWhatIsDue() {
    const auto snapshot = deps.snapshots.Newest();
    const Instant now = deps.clock();
    const RetentionPlan& plan = snapshot->PlanAt(now);
    const Day yesterday = DayOf(now, snapshot->zone) - 1;
    v1::FitModelsRequest fit;
    fit.set_until_date(FormatDay(yesterday));
    StartIfDue(LastFit(plan, now, snapshot->zone), v1::JOB_KIND_FIT_MODELS, fit, now);
    StartIfDue(LastClassification(plan, now, snapshot->zone), v1::JOB_KIND_CLASSIFY_MEMBERS,
               v1::ClassifyMembersRequest(), now);
  }

  // Once for each time that has come since the last job of the kind, or since this server began.
  void StartIfDue(std::optional<Instant> due, v1::JobKind kind, const google::protobuf::Message& request, Instant now) {
    if (!due || *due == seen[kind]) return;
    const auto since = storage::LastJobTime(*session, v1::JobKind_Name(kind));
    if (since.value_or(started) < *due) {
      const auto start = [&](StepView& view) -> Status {
        if (storage::LastJobTime(view.session, v1::JobKind_Name(kind)).value_or(started) >= *due) return Ok{};
        storage::JobRow job = NewJob(kind, "", request, now);
        job.id = storage::NextJobId(view.session);
        view.set.Put(std::move(job));
        return Ok{};
      };
      const bool ok = context->Write(start, 0, true);
      if (!ok) return;
    }
    seen[kind] = *due;
  }
  std::map<v1::JobKind, Instant> seen;  // times that were dealt with

  // Hands the work over to another server.
  void Release() {
    if (!context || !context->holds_lease()) return;
    Command command;
    command.request_id = "job";
    Step step;
    step.lease = kJobsLease;
    step.holder = holder;
    step.run = [](StepView&) -> Status { return Ok{}; };
    command.payload = std::move(step);
    (void)deps.queue.Execute(std::move(command));
  }
};

JobRunner::JobRunner(storage::DatabaseUrl url, const Deps& deps)
    : impl_(std::make_unique<Impl>(std::move(url), deps)) {}

JobRunner::~JobRunner() {
  impl_->deps.job_bell.Listen({});
  impl_->stopping = true;
  impl_->io.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  impl_->Release();
}

void JobRunner::Start() {
  impl_->Wait();
  impl_->deps.job_bell.Listen([impl = impl_.get()] {
    if (impl->rung.exchange(true)) return;
    boost::asio::post(impl->io, [impl] {
      impl->rung = false;
      impl->Look();
    });
  });
  impl_->thread = std::thread([this] {
    // Beside a busy lane a job takes what it leaves; where that is not allowed, GiveWay alone sees to it.
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
    impl_->io.run();
  });
}

}  // namespace loyalty
