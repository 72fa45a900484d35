// How far the median of few measurements can be trusted.
#pragma once

#include <vector>

namespace loyalty::test {

struct Interval {
  double low = 0, high = 0;
};

// The interval that holds the median of what the values are drawn from with this probability, whatever its
// distribution: interpolated order statistics (Hettmansperger and Sheather, Statistics & Probability Letters 4, 1986).
// With values too few for it (fewer than five for 90 %), the lowest and the highest. {0, 0} of none.
Interval MedianInterval(std::vector<double> values, double probability = 0.90);

}  // namespace loyalty::test
