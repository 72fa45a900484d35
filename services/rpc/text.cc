#include "services/rpc/text.h"

#include <algorithm>

#include "domain/receipt.h"

namespace loyalty {

Status CheckDisplayText(std::string_view field, std::string_view text, std::size_t max) {
  const auto characters =
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  // A code point has at most four bytes.
  if (static_cast<std::size_t>(characters) > max || !IsPlainText(text, max * 4))
    return InvalidField(std::string(field), "at most " + std::to_string(max) + " characters, no control characters");
  return Ok{};
}

Status CheckLanguage(std::string_view field, std::string_view code) {
  const bool valid = code.size() != 1 && code.size() <= 16 && std::all_of(code.begin(), code.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                     });
  if (!valid) return InvalidField(std::string(field), "a BCP 47 code, for instance de or de-AT");
  return Ok{};
}

Status CheckRegion(std::string_view field, std::string_view code) {
  const bool valid = code.empty() || (code.size() == 2 && std::all_of(code.begin(), code.end(),
                                                                      [](char c) { return c >= 'A' && c <= 'Z'; }));
  if (!valid) return InvalidField(std::string(field), "two letters of ISO 3166, for instance DE");
  return Ok{};
}

}  // namespace loyalty
