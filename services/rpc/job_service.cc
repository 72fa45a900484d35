// Jobs: how far they are, and their end.
#include "loyalty/v1/job_service.pb.h"
#include "services/jobs/work.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/page_token.h"
#include "services/rpc/services.h"
#include "services/rpc/watch.h"

namespace loyalty {
namespace {

using storage::JobState;

Error JobUnknown() { return {Reason::kJobUnknown, "there is no such job", {{"field", "name"}}}; }

Result<AdminOutcome> Cancel(const AdminStep& step, std::int64_t id) {
  auto known = storage::FindJob(step.session, id);
  if (!known) return JobUnknown();
  storage::JobRow* row = &step.set.of<storage::JobRow>().Take(*std::move(known));
  v1::CancelJobResponse stored;
  if (!HasEnded(row->state) && row->state != JobState::kCancelling) {
    // Nobody works on one that waits.
    row->state = row->state == JobState::kQueued ? JobState::kCancelled : JobState::kCancelling;
    row->update_time = step.now();
  }
  *stored.mutable_job() = JobMessage(*row);
  return AdminOutcome{Made(stored), "job.cancel", JobName(id), ""};
}

Status GetJob(Call& call, const v1::GetJobRequest& request, v1::GetJobResponse& response) {
  const auto id = ParseJobName(request.name());
  if (!id) return id.error();
  return StartRead(call, [&response, id = *id](storage::Session& session) -> Result<bool> {
    const auto row = storage::FindJob(session, id);
    if (!row) return JobUnknown();
    *response.mutable_job() = JobMessage(*row);
    return true;
  });
}

Status ListJobs(Call& call, const v1::ListJobsRequest& request, v1::ListJobsResponse& response) {
  const std::string scope = "jobs";
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const auto read = [&](std::int64_t before, int limit) { return storage::ReadJobs(session, before, limit); };
    const auto add = [&response](const storage::JobRow& row) { *response.add_jobs() = JobMessage(row); };
    FillNewestFirst(request, call.deps().keys, scope, read, add, response);
    return true;
  });
}

Status CancelJob(Call& call, const v1::CancelJobRequest& request, v1::CancelJobResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  const auto id = ParseJobName(request.name());
  if (!id) return id.error();
  return SubmitWrite(call,
                     AdminCommandFor(call, request, [id = *id](const AdminStep& step) { return Cancel(step, id); }),
                     [&response](const Answer& answer) { TakeResult(answer, response); });
}

std::unique_ptr<Stream> WatchJob(StreamWire& wire, const v1::WatchJobRequest& request) {
  const auto id = ParseJobName(request.name());
  std::int64_t seen = 0;  // the version that was told
  const auto look = [id, seen](storage::Session& session, v1::WatchJobResponse& response) mutable -> Result<Sight> {
    if (!id) return id.error();
    const auto row = storage::FindJob(session, *id);
    if (!row) return JobUnknown();
    if (row->version == seen) return Sight::kNothing;  // the response still has it
    seen = row->version;
    *response.mutable_job() = JobMessage(*row);
    return HasEnded(row->state) ? Sight::kLast : Sight::kMessage;
  };
  return std::make_unique<Watch<v1::WatchJobResponse>>(wire, look);
}

}  // namespace

Methods JobMethods() {
  return {
      Bind("loyalty.v1.JobService.GetJob", GetJob),
      Bind("loyalty.v1.JobService.ListJobs", ListJobs),
      Bind("loyalty.v1.JobService.CancelJob", CancelJob),
      BindWatch<v1::WatchJobResponse>("loyalty.v1.JobService.WatchJob", WatchJob),
  };
}

}  // namespace loyalty
