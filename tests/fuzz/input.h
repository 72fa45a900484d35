// What a fuzzer feeds: one call, as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/time.h"
#include "tests/fuzz/handlers.h"

namespace loyalty::fuzz {

// Layout: the method (modulo their number), the caller, the time that passes before, then the request as it comes over
// the wire.
struct Input {
  std::uint8_t method = 0;
  std::uint8_t caller = 0;
  std::uint8_t pause = 0;
  std::string message;

  const Method& target() const { return Methods()[method % Methods().size()]; }
  // Mostly one of those with a valid key.
  Identity identity() const;
  // Mostly none.
  Instant time() const;
};

// Shorter inputs have zeros where bytes are missing.
Input ReadInput(std::string_view bytes);
std::string InputBytes(const Input& input);
// The place of a method; throws std::invalid_argument when there is none of this name.
std::uint8_t MethodNumber(std::string_view name);

}  // namespace loyalty::fuzz
