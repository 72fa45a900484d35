#include "tests/bench/interval.h"

#include <algorithm>
#include <cmath>

namespace loyalty::test {
namespace {

// Of `count` values, that the median lies between the k-th lowest and the k-th highest: neither fewer than k of them
// are below it nor fewer than k above.
double Coverage(std::size_t count, std::size_t k) {
  const auto n = static_cast<double>(count);
  double outside = 0, term = std::pow(0.5, n);  // that exactly i are below
  for (std::size_t i = 0; i < k; ++i) {
    outside += term;
    term *= (n - static_cast<double>(i)) / static_cast<double>(i + 1);
  }
  return 1 - 2 * outside;
}

}  // namespace

Interval MedianInterval(std::vector<double> values, double probability) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t count = values.size();
  std::size_t k = 1;  // the innermost pair that is wide enough
  while (2 * (k + 1) <= count && Coverage(count, k + 1) >= probability) ++k;
  const double wide = Coverage(count, k);
  if (wide < probability || 2 * (k + 1) > count) return {values[k - 1], values[count - k]};
  // Between this pair and the next one inside.
  const double narrow = Coverage(count, k + 1), part = (wide - probability) / (wide - narrow);
  const auto n = static_cast<double>(count), outer = static_cast<double>(k);
  const double weight = (n - outer) * part / (outer + (n - 2 * outer) * part);
  return {(1 - weight) * values[k - 1] + weight * values[k],
          (1 - weight) * values[count - k] + weight * values[count - k - 1]};
}

}  // namespace loyalty::test
