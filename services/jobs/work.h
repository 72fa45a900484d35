// The work of each kind of job.
#pragma once

#include "loyalty/v1/job_service.pb.h"
#include "services/jobs/job_context.h"

namespace loyalty {

// All of these throw storage::Failure of their reads; the job then goes on later.
JobEnd WorkOnFit(JobContext& context);
JobEnd WorkOnBacktest(JobContext& context);
JobEnd WorkOnClassification(JobContext& context);
JobEnd WorkOnLedgerVerification(JobContext& context);
JobEnd WorkOnStatisticsVerification(JobContext& context);

// A row of a job that nobody has begun. `request`: proto JSON of the request, which was checked.
storage::JobRow NewJob(v1::JobKind kind, const std::string& request_id, const google::protobuf::Message& request,
                       Instant now);

// The request of a job. False: a newer server wrote it.
bool ReadRequest(const storage::JobRow& job, google::protobuf::Message& request);

// A job as the API shows it. What it does and how far it is; `rate` is the mean since it was asked for.
v1::Job JobMessage(const storage::JobRow& row);

// `jobs/{id}` and back. Errors: kInvalidArgument (name).
std::string JobName(std::int64_t id);
Result<std::int64_t> ParseJobName(std::string_view name);

}  // namespace loyalty
