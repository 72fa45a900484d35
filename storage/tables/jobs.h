// What the server does by itself, and which server does it.
#pragma once

#include <string>

#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// Who runs background jobs; the version fences off an old holder.
struct LeaseRow {
  using Key = std::string;
  Key key() const { return name; }
  static const Table<LeaseRow>& table();

  std::string name;
  std::string holder;
  Instant expire_time = 0;
  std::int64_t version = 1;
};

// Stored by number; the same numbers as on the wire.
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
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<JobRow>& table();

  std::int64_t id = 0;  // from 1, in the order of the jobs
  std::string kind;     // the name of the API's JobKind
  JobState state = JobState::kQueued;
  std::string request_id;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string payload;  // the request, proto JSON
  std::string result;   // while it runs: where to go on; then: what it came to
  int failures = 0;     // times that the work on it threw, at any server
  Instant create_time = 0;
  Instant update_time = 0;
  std::int64_t version = 1;
};

}  // namespace loyalty::storage
