// Reads of jobs and of the lease that says which server works on them; both change through working sets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/jobs.h"

namespace loyalty::storage {

// All of these throw Failure. The number of the next job; inside a transaction that holds the program's row.
std::int64_t NextJobId(Session& session);
std::optional<JobRow> FindJob(Session& session, std::int64_t id);
// Jobs with an id below `before`, newest first, at most `limit`.
std::vector<JobRow> ReadJobs(Session& session, std::int64_t before, int limit);
// Jobs that have not ended, oldest first, at most `limit`.
std::vector<JobRow> OpenJobs(Session& session, int limit);
// When the last job of a kind was asked for.
std::optional<Instant> LastJobTime(Session& session, const std::string& kind);
// Whether nobody else has it; a plain read.
bool IsLeaseFree(Session& session, const std::string& name, const std::string& holder, Instant now);

}  // namespace loyalty::storage
