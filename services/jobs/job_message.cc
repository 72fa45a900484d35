#include <google/protobuf/util/json_util.h>

#include "services/codec/names.h"
#include "services/codec/retention_codec.h"
#include "services/codec/timestamp.h"
#include "services/jobs/work.h"

namespace loyalty {
namespace {

constexpr std::string_view kJobs = "jobs/";

// What a job that has ended well came to. One of a kind that we do not know says no more than that.
void FillFindings(const std::string& result, v1::Job& job) {
  google::protobuf::Message* findings = nullptr;
  switch (job.kind()) {
    case v1::JOB_KIND_VERIFY_LEDGER: findings = job.mutable_ledger_verification(); break;
    case v1::JOB_KIND_VERIFY_STATISTICS: findings = job.mutable_statistics_verification(); break;
    default: return job.set_run(result);
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(result, findings, options).ok()) findings->Clear();
}

}  // namespace

storage::JobRow NewJob(v1::JobKind kind, const std::string& request_id, const google::protobuf::Message& request,
                       Instant now) {
  storage::JobRow job;
  job.kind = v1::JobKind_Name(kind);
  job.request_id = request_id;
  job.payload = RunText(request);
  job.create_time = job.update_time = now;
  return job;
}

bool ReadRequest(const storage::JobRow& job, google::protobuf::Message& request) {
  return google::protobuf::util::JsonStringToMessage(job.payload, &request).ok();
}

v1::Job JobMessage(const storage::JobRow& row) {
  v1::Job job;
  job.set_name(JobName(row.id));
  v1::JobKind kind = v1::JOB_KIND_UNSPECIFIED;
  if (v1::JobKind_Parse(row.kind, &kind)) job.set_kind(kind);
  job.set_state(static_cast<v1::JobState>(row.state));
  job.set_done(row.done);
  job.set_total(row.total);
  const double seconds = static_cast<double>(row.update_time - row.create_time) / kSecond;
  if (row.done > 0 && seconds > 0) job.set_rate(static_cast<double>(row.done) / seconds);
  if (row.state == storage::JobState::kSucceeded) FillFindings(row.result, job);
  if (row.state == storage::JobState::kFailed) {
    const auto space = row.result.find(' ');
    job.set_error_reason(row.result.substr(0, space));
    if (space != std::string::npos) job.set_error(row.result.substr(space + 1));
  }
  *job.mutable_create_time() = ToTimestamp(row.create_time);
  *job.mutable_update_time() = ToTimestamp(row.update_time);
  return job;
}

std::string JobName(std::int64_t id) { return std::string(kJobs) + std::to_string(id); }

Result<std::int64_t> ParseJobName(std::string_view name) { return ParseNumberedName(kJobs, "name", name); }

}  // namespace loyalty
