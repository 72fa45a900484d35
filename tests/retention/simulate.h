// Customers who behave exactly as a model says: the truth that fits and predictions are held against.
#pragma once

#include <cstdint>
#include <ostream>
#include <vector>

#include "retention/history.h"
#include "retention/model.h"

namespace loyalty::retention {

// For counterexamples.
std::ostream& operator<<(std::ostream& os, const Model& model);
std::ostream& operator<<(std::ostream& os, const History& history);

}  // namespace loyalty::retention

namespace loyalty::test {

struct Simulated {
  retention::History history;  // on the day of observation, in whole days
  bool alive = false;          // then
  int purchases_after = 0;     // within `days_after`
};

struct SimulationOptions {
  std::uint64_t seed = 1;
  int customers = 5'000;
  int age_days_min = 10'000;  // time is so long that rounding to whole days is nothing; ages are spread evenly
  int age_days_max = 20'000;
  int days_after = 5'000;
};

std::vector<Simulated> Simulate(const retention::Model& model, const SimulationOptions& options);

std::vector<retention::History> HistoriesOf(const std::vector<Simulated>& customers);

}  // namespace loyalty::test
