// Jobs: how far they are, and their end.
#include "loyalty/v1/job_service.grpc.pb.h"
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
  auto row = storage::LockJob(step.session, id);
  if (!row) return JobUnknown();
  v1::CancelJobResponse stored;
  if (!HasEnded(row->state) && row->state != JobState::kCancelling) {
    // Nobody works on one that waits.
    row->state = row->state == JobState::kQueued ? JobState::kCancelled : JobState::kCancelling;
    row->update_time = step.now;
    storage::UpdateJob(step.session, *row);
  }
  *stored.mutable_job() = JobMessage(*row);
  return AdminOutcome{stored.SerializeAsString(), "job.cancel", JobName(id), ""};
}

class JobService final : public v1::JobService::CallbackService {
 public:
  explicit JobService(const Deps& deps) : deps_(deps) {}

  Reactor* GetJob(grpc::CallbackServerContext* context, const v1::GetJobRequest* request,
                  v1::GetJobResponse* response) override {
    return HandleRead(
        context, "loyalty.v1.JobService.GetJob", deps_,
        [request](const CallContext&) -> Status {
          if (const auto id = ParseJobName(request->name()); !id) return id.error();
          return Ok{};
        },
        [request, response](storage::Session& session, const CallContext&) -> Result<bool> {
          const auto row = storage::FindJob(session, *ParseJobName(request->name()));
          if (!row) return JobUnknown();
          *response->mutable_job() = JobMessage(*row);
          return true;
        });
  }

  Reactor* ListJobs(grpc::CallbackServerContext* context, const v1::ListJobsRequest* request,
                    v1::ListJobsResponse* response) override {
    const std::string scope = "jobs";
    return HandleRead(
        context, "loyalty.v1.JobService.ListJobs", deps_,
        [this, request, scope](const CallContext&) { return CheckPage(*request, deps_.chain_key, scope); },
        [this, request, response, scope](storage::Session& session, const CallContext&) -> Result<bool> {
          const auto read = [&](std::int64_t before, int limit) { return storage::ReadJobs(session, before, limit); };
          const auto add = [response](const storage::JobRow& row) { *response->add_jobs() = JobMessage(row); };
          FillNewestFirst(*request, deps_.chain_key, scope, read, add, *response);
          return true;
        });
  }

  Reactor* CancelJob(grpc::CallbackServerContext* context, const v1::CancelJobRequest* request,
                     v1::CancelJobResponse* response) override {
    constexpr std::string_view kMethod = "loyalty.v1.JobService.CancelJob";
    return Handle(context, kMethod, deps_, [&](const CallContext& call, Reactor* reactor) -> Status {
      if (const Status ok = CheckRequestId(request->request_id()); !ok) return ok;
      const auto id = ParseJobName(request->name());
      if (!id) return id.error();
      return SubmitWrite(
          context, reactor, deps_,
          AdminCommandFor(call, kMethod, *request, [id = *id](const AdminStep& step) { return Cancel(step, id); }),
          [response](const Answer& answer) { response->ParseFromString(answer.result); });
    });
  }

  grpc::ServerWriteReactor<v1::WatchJobResponse>* WatchJob(grpc::CallbackServerContext* context,
                                                           const v1::WatchJobRequest* request) override {
    const auto id = ParseJobName(request->name());
    std::int64_t seen = 0;  // the version that was told
    const auto look = [id, seen](storage::Session& session, v1::WatchJobResponse& response) mutable -> Result<Sight> {
      if (!id) return id.error();
      const auto row = storage::FindJob(session, *id);
      if (!row) return JobUnknown();
      if (row->version == seen) return Sight::kNothing;
      seen = row->version;
      *response.mutable_job() = JobMessage(*row);
      return HasEnded(row->state) ? Sight::kLast : Sight::kMessage;
    };
    return new Watch<v1::WatchJobResponse>(deps_, *context, "loyalty.v1.JobService.WatchJob", look);
  }

 private:
  const Deps& deps_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeJobService(const Deps& deps) { return std::make_unique<JobService>(deps); }

}  // namespace loyalty
