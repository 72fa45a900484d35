#include "tests/fuzz/input.h"

#include <stdexcept>

namespace loyalty::fuzz {
namespace {

constexpr std::size_t kHead = 3;

}  // namespace

Identity Input::identity() const {
  constexpr Identity kCallers[16] = {Identity::kAdmin,  Identity::kNorthTill, Identity::kAdmin,   Identity::kNorthTill,
                                     Identity::kAdmin,  Identity::kNorthTill, Identity::kAdmin,   Identity::kSouthTill,
                                     Identity::kAdmin,  Identity::kNorthTill, Identity::kAdmin,   Identity::kSouthTill,
                                     Identity::kNobody, Identity::kWrong,     Identity::kExpired, Identity::kRevoked};
  return kCallers[caller % 16];
}

Instant Input::time() const {
  switch (pause) {
    case 251: return 1;
    case 252: return kSecond;
    case 253: return kHour;
    case 254: return kDayLength;
    case 255: return 31 * kDayLength;
    default: return 0;
  }
}

Input ReadInput(std::string_view bytes) {
  Input input;
  const auto byte = [bytes](std::size_t i) { return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0; };
  input.method = static_cast<std::uint8_t>(byte(0));
  input.caller = static_cast<std::uint8_t>(byte(1));
  input.pause = static_cast<std::uint8_t>(byte(2));
  if (bytes.size() > kHead) input.message = bytes.substr(kHead);
  return input;
}

std::string InputBytes(const Input& input) {
  const char head[kHead] = {static_cast<char>(input.method), static_cast<char>(input.caller),
                            static_cast<char>(input.pause)};
  return std::string(head, kHead) + input.message;
}

std::uint8_t MethodNumber(std::string_view name) {
  for (std::size_t i = 0; i < Methods().size(); ++i)
    if (Methods()[i].name == name) return static_cast<std::uint8_t>(i);
  throw std::invalid_argument("no method " + std::string(name));
}

}  // namespace loyalty::fuzz
