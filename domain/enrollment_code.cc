#include "domain/enrollment_code.h"

#include <cstddef>

namespace loyalty {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCharacters = 15;
constexpr std::size_t kGroup = 4;
constexpr unsigned kBitsOfADigit = 5;

// The field of 32 elements (x^5 = x^2 + 1): digits are its elements, and each place has another power of x as its
// weight. So a wrong digit and two that changed places leave something other than 0.
unsigned TimesX(unsigned element) {
  constexpr unsigned kOverflow = 1U << kBitsOfADigit, kReduced = 0b100101U;
  element <<= 1U;
  return (element & kOverflow) != 0 ? element ^ kReduced : element;
}

// 0 of a whole code; of the digits before the last, times x, the last.
unsigned Remainder(std::string_view digits) {
  unsigned sum = 0;
  for (const char digit : digits) sum = TimesX(sum) ^ static_cast<unsigned>(kDigits.find(digit));
  return sum;
}

// As it is written; nothing: none of ours.
std::optional<char> Digit(char typed) {
  if (typed >= 'a' && typed <= 'z') typed = static_cast<char>(typed - 'a' + 'A');
  if (typed == 'O') return '0';
  if (typed == 'I' || typed == 'L') return '1';
  return kDigits.find(typed) == std::string_view::npos ? std::nullopt : std::optional(typed);
}

}  // namespace

std::string EnrollmentCode(const std::array<unsigned char, 10>& bits) {
  std::string code;
  unsigned waiting = 0, count = 0;
  std::size_t next = 0;
  while (code.size() < kCharacters) {
    if (count < kBitsOfADigit) {
      waiting = waiting << 8U | bits[next++];
      count += 8;
    }
    count -= kBitsOfADigit;
    code += kDigits[waiting >> count & 31U];
  }
  code += kDigits[TimesX(Remainder(code))];
  for (std::size_t at = kGroup; at < code.size(); at += kGroup + 1) code.insert(at, 1, '-');
  return code;
}

std::optional<std::string> ReadEnrollmentCode(std::string_view typed) {
  if (typed.size() > kTypedCodeMax) return std::nullopt;
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    const auto digit = Digit(c);
    if (!digit) return std::nullopt;
    code += *digit;
  }
  if (code.size() != kCharacters + 1 || Remainder(code) != 0) return std::nullopt;
  return code;
}

}  // namespace loyalty
