// Runs of the retention module, as stored.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/session.h"
#include "storage/tables/runs.h"

namespace loyalty::storage {

// All of these throw Failure. The number of the next run; inside a transaction that holds the program's row.
std::int64_t NextRetentionRun(Session& session);

std::optional<RetentionRunRow> FindRetentionRun(Session& session, std::int64_t id);
// Runs with an id below `before`, newest first, at most `limit`.
std::vector<RetentionRunRow> ReadRetentionRuns(Session& session, std::int64_t before, int limit);
// The last run of a kind.
std::optional<RetentionRunRow> LastRun(Session& session, RunKind kind);
// The last fit with a model that is good to work with.
std::optional<RetentionRunRow> LastUsableFit(Session& session);

}  // namespace loyalty::storage
