// What runs of the retention module found.
#pragma once

#include <string>

#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class RunKind : std::uint8_t { kFit = 1, kBacktest = 2, kRfm = 3, kMeasure = 4 };

// Written once, never changed.
struct RetentionRunRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<RetentionRunRow>& table();

  std::int64_t id = 0;  // from 1, in the order of the runs
  RunKind kind = RunKind::kFit;
  // Of a fit: the model that is good to work with, in the numbers of the API; 0: none, or another kind of run.
  int model_kind = 0;
  std::string content;  // proto JSON
  Instant create_time = 0;
  std::int64_t created_by = 0;  // a principal; 0: a job
};

}  // namespace loyalty::storage
