// Codes that a person types at a till to make it a terminal.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace loyalty {

// 15 characters of Crockford's base32 (75 bits, so that nobody guesses one) and one that checks them: any one character
// that is wrong is seen, and any two that changed places. In groups of four: 7KQ2-M4XB-0D9T-VE3H. The last five of the
// 80 bits are left out.
std::string EnrollmentCode(const std::array<unsigned char, 10>& bits);

// The 16 characters of what was typed, in capitals and without what stands between them: case, spaces and dashes are
// the typist's; O is read as 0, I and L as 1. Nothing: it is no code, or one that was mistyped. Pure.
std::optional<std::string> ReadEnrollmentCode(std::string_view typed);

// Longer texts are not looked at.
inline constexpr std::size_t kTypedCodeMax = 64;

}  // namespace loyalty
