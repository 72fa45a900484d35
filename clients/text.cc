#include "clients/text.h"

#include <utf8proc.h>

namespace loyalty::client {
namespace {

constexpr utf8proc_int32_t kMalformed = -1;

// Takes one code point off the front; kMalformed takes one byte. `text` is not empty.
utf8proc_int32_t TakeCodePoint(std::string_view& text) {
  utf8proc_int32_t value = kMalformed;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &value);
  text.remove_prefix(length > 0 ? static_cast<std::size_t>(length) : 1);
  return length > 0 ? value : kMalformed;
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
    const utf8proc_int32_t value = TakeCodePoint(text);
    width += value == kMalformed ? 1 : static_cast<std::size_t>(utf8proc_charwidth(value));
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    std::string_view rest = text;
    const utf8proc_int32_t value = TakeCodePoint(rest);
    const bool control = utf8proc_category(value) == UTF8PROC_CATEGORY_CC;
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
