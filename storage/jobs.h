// Jobs, and the lease that says which server works on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::storage {

// Stored by number, as in the API: never renumber.
enum class JobState : std::uint8_t {
  kQueued = 1,
  kRunning = 2,
  kCancelling = 3,
  kSucceeded = 4,
  kFailed = 5,
  kCancelled = 6,
};

constexpr bool HasEnded(JobState state) { return state >= JobState::kSucceeded; }

struct JobRow {
  std::int64_t id = 0;  // from 1, in the order of the jobs
  std::string kind;     // the name of the API's JobKind
  JobState state = JobState::kQueued;
  std::string request_id;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string payload;  // the request, proto JSON
  std::string result;   // while it runs: where to go on; then: what it came to
  Instant create_time = 0;
  Instant update_time = 0;
  std::int64_t version = 0;
};

// All of these throw Failure. Inside a transaction that holds the lock of the program (an admin command): the new id.
std::int64_t InsertJob(Session& session, JobRow job);

std::optional<JobRow> FindJob(Session& session, std::int64_t id);
// The same, locked until the transaction ends.
std::optional<JobRow> LockJob(Session& session, std::int64_t id);
// Jobs with an id below `before`, newest first, at most `limit`.
std::vector<JobRow> ReadJobs(Session& session, std::int64_t before, int limit);
// The oldest job that has not ended.
std::optional<JobRow> NextJob(Session& session);
// When the last job of a kind was asked for.
std::optional<Instant> LastJobTime(Session& session, const std::string& kind);
// Writes state, done, total, result and update_time; kConflict when it is not the version that was read.
void UpdateJob(Session& session, const JobRow& job);

// Inside a transaction. True: `holder` has the lease until `expire_time`; it was free, expired or its own.
bool TakeLease(Session& session, const std::string& name, const std::string& holder, Instant now, Instant expire_time);
// True while it is still the holder's: then nobody else has done anything under it. A row that is written, so that on a
// cluster two holders cannot both commit.
bool KeepLease(Session& session, const std::string& name, const std::string& holder, Instant expire_time);
// Who has it, when it has not expired; a plain read.
bool IsLeaseFree(Session& session, const std::string& name, const std::string& holder, Instant now);

}  // namespace loyalty::storage
