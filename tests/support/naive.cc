#include "tests/support/naive.h"

#include <limits>

namespace loyalty::test {

std::optional<std::int64_t> NaiveMulDiv(std::int64_t a, std::int64_t b, std::int64_t c, Rounding mode) {
  using Wide = __int128;
  const Wide product = Wide{a} * b;
  const bool negative = product < 0;
  // The two neighbours by magnitude: `toward` zero and one further `away`.
  const Wide magnitude = negative ? -product : product;
  Wide toward = 0;
  Wide rest = 0;
  for (int bit = 126; bit >= 0; --bit) {  // binary long division
    rest = rest * 2 + ((magnitude >> bit) & 1);
    toward *= 2;
    if (rest >= c) {
      rest -= c;
      toward += 1;
    }
  }
  const Wide away = rest == 0 ? toward : toward + 1;
  const Wide lower = negative ? -away : toward;
  const Wide upper = negative ? -toward : away;
  // Which neighbour is nearer: compare the distances, both in units of 1/c.
  const Wide to_lower = product - lower * c;
  const Wide to_upper = upper * c - product;
  Wide chosen = 0;
  switch (mode) {
    case Rounding::kFloor: chosen = lower; break;
    case Rounding::kCeiling: chosen = upper; break;
    case Rounding::kHalfUp:
      chosen = to_lower == to_upper ? (negative ? lower : upper) : (to_lower < to_upper ? lower : upper);
      break;
    case Rounding::kHalfEven:
      chosen = to_lower == to_upper ? (lower % 2 == 0 ? lower : upper) : (to_lower < to_upper ? lower : upper);
      break;
  }
  if (chosen > std::numeric_limits<std::int64_t>::max() || chosen < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(chosen);
}

std::vector<Minor> NaiveSpread(Minor amount, const std::vector<Minor>& weights) {
  Minor total = 0;
  for (const Minor weight : weights) total += weight;
  std::vector<Minor> shares;
  std::vector<Minor> costs;
  Minor left = amount;
  for (const Minor weight : weights) {
    shares.push_back(total == 0 ? 0 : *NaiveMulDiv(amount, weight, total, Rounding::kFloor));
    costs.push_back(total == 0 ? 0
                               : static_cast<Minor>(static_cast<__int128>(amount) * weight -
                                                    static_cast<__int128>(shares.back()) * total));
    left -= shares.back();
  }
  for (; left > 0; --left) {
    std::size_t next = 0;
    for (std::size_t i = 1; i < costs.size(); ++i)
      if (costs[i] > costs[next]) next = i;
    ++shares[next];
    costs[next] = -1;
  }
  return shares;
}

}  // namespace loyalty::test
