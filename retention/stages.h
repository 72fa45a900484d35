// The sum behind expected purchases: over the number of stages that lie ahead.
#pragma once

#include <cstdint>

namespace loyalty::retention {

// A customer who is alive now.
struct StageCounter {
  std::int32_t k = 1;       // stages of a gap
  std::int32_t passed = 0;  // of the running gap, 0..k-1
  double a = 0;             // the customer leaves with p ~ Beta(a, b) after each purchase
  double b = 0;
};

// The largest number of stages that is counted; what lies beyond counts as this many. Only gaps of seconds come there.
constexpr int kStagesMaxAhead = 1'000'000;

// Expected purchases when the number N of stages ahead is negative binomial with `size` > 0 and `odds` > 0 (special.h):
//   sum_i P(N = i) C(floor((i + passed) / k)),   C(m) = sum_{n=1..m} prod_{j < n-1} (b+j)/(a+b+j),
// where C(m) is the expected number of purchases if there is time for m. All terms are positive: relative error 1e-13.
// Time: proportional to the mean of N plus 40 (1 + odds).
double PurchasesOfStages(const StageCounter& customer, double size, double odds);

}  // namespace loyalty::retention
