// The slow and obvious way to do what the domain does fast: what properties compare with.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/money.h"

namespace loyalty::test {

// a * b / c by long division of magnitudes, rounded by looking at the two neighbours; nothing on overflow.
std::optional<std::int64_t> NaiveMulDiv(std::int64_t a, std::int64_t b, std::int64_t c, Rounding mode);

// Largest remainder cent by cent: first what is whole, then one more for whom flooring has cost most, the earlier
// first.
std::vector<Minor> NaiveSpread(Minor amount, const std::vector<Minor>& weights);

}  // namespace loyalty::test
