#include "domain/pin.h"

#include <algorithm>

namespace loyalty {
namespace {

// Whether each digit is that before it and so much more, in the circle of the ten digits.
bool IsRow(std::string_view text, int step) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i] - text[i - 1] - step + 20) % 10 != 0) return false;
  return true;
}

// Whether each digit is the last but one again: 7777, 1212.
bool IsPair(std::string_view text) {
  for (std::size_t i = 2; i < text.size(); ++i)
    if (text[i] != text[i - 2]) return false;
  return true;
}

}  // namespace

bool IsPin(std::string_view text) {
  return text.size() >= kPinDigitsMin && text.size() <= kPinDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsGoodPin(std::string_view text) { return IsPin(text) && !IsPair(text) && !IsRow(text, 1) && !IsRow(text, -1); }

}  // namespace loyalty
