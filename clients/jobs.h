// Jobs of the server, from the one who waits for them.
#pragma once

#include "clients/session.h"
#include "loyalty/v1/job_service.pb.h"
#include "loyalty/v1/retention_service.pb.h"

namespace loyalty::client {

// Watches a job to its end, with progress on stderr, and makes `job` what it is then. Interrupted, the job goes on
// without us. Failures: kRefused (it failed or was cancelled), kUnreachable.
Outcome AwaitJob(Session& session, v1::Job& job);
// The same of a job of the retention service, and reads what it found.
Outcome AwaitJob(Session& session, const v1::Job& job, v1::RetentionRun& run);

// One line for people: "FIT_MODELS, running, 12,345 of 100,000 members".
std::string JobText(const v1::Job& job);

}  // namespace loyalty::client
