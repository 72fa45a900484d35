#include "clients/request_ids.h"

#include <sodium.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace loyalty::client {
namespace {

using Bytes16 = std::array<unsigned char, 16>;

void RequireSodium() {
  static const int ready = sodium_init();
  if (ready < 0) std::abort();  // no random numbers: every id would be a lie
}

std::string Hex(const Bytes16& bytes) {
  std::array<char, 33> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

// Sets version and variant (RFC 9562, 4.1 and 4.2) and prints 8-4-4-4-12.
std::string Uuid(Bytes16 bytes, unsigned version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | (version << 4U));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string text = Hex(bytes);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, "-");
  return text;
}

void Absorb(crypto_generichash_state& state, std::string_view text) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

void AbsorbNumber(crypto_generichash_state& state, std::uint64_t number) {
  std::array<unsigned char, 8> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<unsigned char>(number & 0xFFU);
    number >>= 8U;
  }
  crypto_generichash_update(&state, bytes.data(), bytes.size());
}

}  // namespace

std::string NewRequestId(std::int64_t unix_ms) {
  RequireSodium();
  Bytes16 bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  for (std::size_t i = 0; i < 6; ++i)
    bytes[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(unix_ms) >> (40 - 8 * i));
  return Uuid(bytes, 7);
}

std::string NewRequestId() {
  using std::chrono::milliseconds;
  return NewRequestId(
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::string DerivedRequestId(std::string_view run_id, std::uint64_t ordinal, std::string_view content) {
  RequireSodium();
  crypto_generichash_state state;
  Bytes16 bytes{};
  crypto_generichash_init(&state, nullptr, 0, bytes.size());
  AbsorbNumber(state, run_id.size());  // lengths keep ("ab", "c") and ("a", "bc") apart
  Absorb(state, run_id);
  AbsorbNumber(state, ordinal);
  Absorb(state, content);
  crypto_generichash_final(&state, bytes.data(), bytes.size());
  return Uuid(bytes, 8);
}

std::string Fingerprint(std::string_view text) {
  RequireSodium();
  Bytes16 bytes{};
  crypto_generichash(bytes.data(), bytes.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return Hex(bytes);
}

}  // namespace loyalty::client
