// One life of a program in one thread: random commands in random batches on one of two servers that share a database, a
// clock that jumps, and a database that fails at any statement. After each batch what was touched equals the model;
// every thousand commands everything does.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/databases.h"

namespace loyalty::sim {

struct Outcome {
  std::int64_t operations = 0;
  std::int64_t faults = 0;   // injected
  std::int64_t refused = 0;  // operations that had no effect, rightly
  std::int64_t replayed = 0;
  std::string failure;  // the first thing that differs from the model; empty: nothing does
};

// The same seed and number of operations is the same life.
Outcome Simulate(std::uint64_t seed, std::int64_t operations, Databases& databases);

}  // namespace loyalty::sim
