// Money in minor units, points, and the one way to round. Everything is checked; nothing is floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace loyalty {

using Minor = std::int64_t;  // money in minor units of its currency
using Points = std::int64_t;

// No single amount may be larger, so that a sum of 500 lines and a product with a rate stay far from overflow.
inline constexpr Minor kMoneyMax = 1'000'000'000'000'000;  // 10^15
inline constexpr Points kPointsMax = 1'000'000'000'000'000;

enum class Rounding : std::uint8_t { kFloor = 1, kHalfUp = 2, kHalfEven = 3, kCeiling = 4 };

// amount * numerator / denominator, exact in 128 bits, rounded once. denominator > 0.
// kFloor goes to minus infinity, kCeiling to plus infinity, halves as named (kHalfUp: away from zero).
// Errors: kOverflow when the result does not fit 64 bits.
Result<std::int64_t> MulDiv(std::int64_t amount, std::int64_t numerator, std::int64_t denominator, Rounding mode);

// Sum. Errors: kOverflow.
Result<std::int64_t> CheckedAdd(std::int64_t a, std::int64_t b);

// Spreads `amount` over weights in proportion to them by largest remainder (ties: the earlier one); the shares add up
// to the amount, and none is above its weight where the amount is not above their sum. 0 <= amount, 0 <= weights, whose
// sum fits 64 bits and is 0 only with the amount.
std::vector<std::int64_t> SpreadByLargestRemainder(std::int64_t amount, const std::vector<std::int64_t>& weights);

// Digits after the decimal point of an ISO 4217 code (EUR 2, JPY 0, KWD 3); nothing for a code that was not in use in
// 2022 or later.
std::optional<int> CurrencyExponent(std::string_view code);

// "12.34" -> 1234 for two digits. A sign is allowed, more digits than `digits` only when they are zero.
// Errors: kInvalidArgument; kOverflow beyond kMoneyMax.
Result<std::int64_t> ParseDecimal(std::string_view text, int digits);

// 1234 -> "12.34" for two digits.
std::string FormatDecimal(std::int64_t value, int digits);

}  // namespace loyalty
