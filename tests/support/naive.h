// The slow and obvious way to do what the domain does fast: what properties compare with.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/money.h"

namespace loyalty::test {

// a * b / c by long division of magnitudes, rounded by looking at the two neighbours; nothing on overflow.
std::optional<std::int64_t> NaiveMulDiv(std::int64_t a, std::int64_t b, std::int64_t c, Rounding mode);

}  // namespace loyalty::test
