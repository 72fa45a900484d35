// An experiment with a control group, from a CSV with one row a member.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clients/csv.h"
#include "clients/failure.h"
#include "retention/lift.h"

namespace loyalty::client {

inline constexpr std::size_t kArmsMax = 64;  // more are no arms, but some other column

// One arm by intention to treat.
struct ExperimentArm {
  retention::RateArm converted;
  retention::RateArm visited;  // empty without the column
  retention::SpendSums spend;
};

struct Experiment {
  std::map<std::string, ExperimentArm> arms;
  bool has_visit = false;
  bool has_spend_before = false;
  std::int64_t members = 0;
};

// Reads the columns arm, converted (0 or 1) and spend, and where they are there visit (0 or 1) and pre_spend; others
// are ignored. Money has at most `digits` decimals. Failures: kUsage (names `file`, line and column), kLocalIo.
Outcome AddExperiment(CsvReader& csv, const std::string& file, int digits, Experiment& experiment);

// The same for a file, plain or gzip.
Outcome ReadExperiment(const std::string& file, int digits, Experiment& experiment);

}  // namespace loyalty::client
