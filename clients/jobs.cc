#include "clients/jobs.h"

#include <atomic>

#include "clients/progress.h"
#include "clients/table.h"
#include "clients/watch.h"
#include "loyalty/v1/job_service.grpc.pb.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

bool HasEnded(const v1::Job& job) {
  return job.state() == v1::JOB_STATE_SUCCEEDED || job.state() == v1::JOB_STATE_FAILED ||
         job.state() == v1::JOB_STATE_CANCELLED;
}

// What the progress shows; written by the thread that reads the stream.
struct Seen {
  std::atomic<std::int64_t> done{0}, total{0};

  ProgressState State() const {
    const std::int64_t all = total;
    return {done, all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0};
  }
};

Outcome WatchToEnd(const Session& session, v1::Job& job) {
  Seen seen;
  const bool is_ledger = job.kind() == v1::JOB_KIND_VERIFY_LEDGER;
  const Progress progress(is_ledger ? "members and receipts" : "members", [&seen] { return seen.State(); });
  const auto stub = v1::JobService::NewStub(session.connection().channel());
  v1::WatchJobRequest request;
  request.set_name(job.name());
  const auto open = [&](grpc::ClientContext& context) { return stub->WatchJob(&context, request); };
  return Watch<v1::WatchJobResponse>(session, "watch " + job.name(), open, [&](const auto& response) {
    job = response.job();
    seen.done = job.done();
    seen.total = job.total();
    return !HasEnded(job);
  });
}

}  // namespace

Outcome AwaitJob(Session& session, v1::Job& job) {
  if (auto failed = WatchToEnd(session, job)) return failed;
  if (job.state() == v1::JOB_STATE_FAILED)
    return Failure{ExitCode::kRefused, job.name() + ": " + job.error() + " (" + job.error_reason() + ")", "",
                   job.error_reason()};
  if (job.state() == v1::JOB_STATE_CANCELLED)
    return Failure{ExitCode::kRefused, job.name() + " was cancelled", "", "CANCELLED"};
  return {};
}

Outcome AwaitJob(Session& session, const v1::Job& job, v1::RetentionRun& run) {
  v1::Job watched = job;
  if (auto failed = AwaitJob(session, watched)) return failed;
  const auto stub = v1::RetentionService::NewStub(session.connection().channel());
  v1::GetRunRequest request;
  request.set_name(watched.run());
  v1::GetRunResponse response;
  if (auto failed = session.Read(*stub, &v1::RetentionService::Stub::GetRun, "read run", request, &response))
    return failed;
  run = std::move(*response.mutable_run());
  return {};
}

std::string JobText(const v1::Job& job) {
  std::string text = EnumText(*v1::JobState_descriptor(), job.state());
  if (job.total() > 0) text += ", " + Grouped(job.done()) + " of " + Grouped(job.total());
  if (job.rate() > 0 && !HasEnded(job)) text += ", " + Grouped(static_cast<std::int64_t>(job.rate())) + "/s";
  if (!job.run().empty()) text += ", " + job.run();
  if (!job.error().empty()) text += ": " + job.error();
  return text;
}

}  // namespace loyalty::client
