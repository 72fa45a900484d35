// Runs of the retention module, as stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class RunKind : std::uint8_t { kFit = 1, kBacktest = 2, kRfm = 3, kMeasure = 4 };

struct RetentionRunRow {
  std::int64_t id = 0;  // from 1, in the order of the runs
  RunKind kind = RunKind::kFit;
  // Of a fit: the model that is good to work with, in the numbers of the API; 0: none, or another kind of run.
  int model_kind = 0;
  std::string content;  // proto JSON
  Instant create_time = 0;
};

// All of these throw Failure. Inside the transaction of an admin command:
std::int64_t NextRetentionRun(Session& session);
void InsertRetentionRun(Session& session, const RetentionRunRow& run, std::int64_t token_id);

std::optional<RetentionRunRow> FindRetentionRun(Session& session, std::int64_t id);
// Runs with an id below `before`, newest first, at most `limit`.
std::vector<RetentionRunRow> ReadRetentionRuns(Session& session, std::int64_t before, int limit);
// The last run of a kind.
std::optional<RetentionRunRow> LastRun(Session& session, RunKind kind);
// The last fit with a model that is good to work with.
std::optional<RetentionRunRow> LastUsableFit(Session& session);

}  // namespace loyalty::storage
