// Bytes that are no text: seals, hashes, sealed values.
#pragma once

#include <compare>
#include <string>

namespace loyalty {

struct Bytes {
  std::string value;

  bool empty() const { return value.empty(); }
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// Lower-case hexadecimal digits.
std::string Hex(const Bytes& bytes);

}  // namespace loyalty
