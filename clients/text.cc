#include "clients/text.h"

#include <algorithm>
#include <array>

namespace loyalty::client {
namespace {

constexpr char32_t kMalformed = 0xFFFFFFFF;

// Takes one code point off the front; kMalformed takes one byte. `text` is not empty.
char32_t TakeCodePoint(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  char32_t value = first;
  char32_t smallest = 0;
  if (first >= 0xF0 && first < 0xF8) {
    length = 4, value = first & 0x07U, smallest = 0x10000;
  } else if (first >= 0xE0 && first < 0xF0) {
    length = 3, value = first & 0x0FU, smallest = 0x800;
  } else if (first >= 0xC0 && first < 0xE0) {
    length = 2, value = first & 0x1FU, smallest = 0x80;
  } else if (first >= 0x80) {
    text.remove_prefix(1);
    return kMalformed;
  }
  bool good = text.size() >= length;
  for (std::size_t i = 1; good && i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    good = (next & 0xC0U) == 0x80;
    value = (value << 6U) | (next & 0x3FU);
  }
  good = good && value >= smallest && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  text.remove_prefix(good ? length : 1);
  return good ? value : kMalformed;
}

struct Range {
  char32_t first;
  char32_t last;
};

// Combining marks, zero-width characters and variation selectors that occur in names.
constexpr std::array<Range, 8> kZeroWidth{{{0x0300, 0x036F},
                                           {0x0483, 0x0489},
                                           {0x0591, 0x05BD},
                                           {0x0610, 0x061A},
                                           {0x064B, 0x065F},
                                           {0x200B, 0x200F},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F}}};
// Hangul Jamo, CJK, Hangul syllables, full-width forms, emoji, CJK extensions.
constexpr std::array<Range, 8> kDoubleWidth{{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFF00, 0xFF60},
                                             {0x1F300, 0x1FAFF},
                                             {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool Contains(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [value](const Range& range) { return value >= range.first && value <= range.last; });
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  while (!text.empty())
    if (TakeCodePoint(text) == kMalformed) return false;
  return true;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const char32_t value = TakeCodePoint(text);
    if (value == kMalformed) {
      ++width;
    } else if (!Contains(kZeroWidth, value)) {
      width += Contains(kDoubleWidth, value) ? 2 : 1;
    }
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    std::string_view rest = text;
    const char32_t value = TakeCodePoint(rest);
    const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0);
    if (control) {
      clean += ' ';
    } else if (value == kMalformed) {
      clean += '?';
    } else {
      clean += text.substr(0, text.size() - rest.size());
    }
    text = rest;
  }
  return clean;
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace loyalty::client
