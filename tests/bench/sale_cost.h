// What a sale costs a SQLite database: pages of the log, bytes of the file, rows and time, as the write path makes
// them.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/bench/parts.h"
#include "tests/bench/sales.h"

namespace loyalty::test {

struct SaleCostOptions {
  std::int64_t members = 40'000;
  std::int64_t history = 5;  // sales of a member before anything is measured
  std::int64_t batch = 64;
  int turns = 5, batches = 40;  // of each turn
  RequestIds ids = RequestIds::kByTime;
};

// Each number is the share of one sale.
struct SaleCost {
  std::vector<double> frames;  // in the log, of each turn
  double bytes = 0;            // of the file, members and all, after their history
  double microseconds = 0;     // of a batch, without the server around it
  std::vector<Part> parts;
};

// Makes a program with a history, then sells. Throws when the server or the write path refuses anything.
SaleCost MeasureSaleCost(const SaleCostOptions& options);

}  // namespace loyalty::test
