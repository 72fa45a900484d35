// What may be a PIN.
#pragma once

#include <string_view>

namespace loyalty {

inline constexpr std::size_t kPinDigitsMin = 4;
inline constexpr std::size_t kPinDigitsMax = 12;

// So many digits and nothing else: whatever could have been chosen.
bool IsPin(std::string_view text);

// A PIN that is not among the first that somebody tries: not one or two digits again and again, and no row up or down,
// from 9 on to 0 or from 0 on to 9 included.
bool IsGoodPin(std::string_view text);

}  // namespace loyalty
