#include "domain/keys.h"

#include <sodium.h>

#include <cstring>
#include <string>

namespace loyalty {
namespace {

SecretKey Derive(const SecretKey& secret, std::string_view purpose) {
  SecretKey key{};
  crypto_generichash(key.data(), key.size(), reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
                     secret.data(), secret.size());
  return key;
}

constexpr unsigned kRounds = 8;

std::uint32_t Round(const SecretKey& names, NameOf purpose, unsigned round, std::uint32_t half) {
  static_assert(crypto_shorthash_KEYBYTES <= std::tuple_size_v<SecretKey> && crypto_shorthash_BYTES == 8);
  const std::array<unsigned char, 6> in{
      static_cast<unsigned char>(purpose),     static_cast<unsigned char>(round),
      static_cast<unsigned char>(half),        static_cast<unsigned char>(half >> 8U),
      static_cast<unsigned char>(half >> 16U), static_cast<unsigned char>(half >> 24U)};
  std::array<unsigned char, crypto_shorthash_BYTES> out{};
  crypto_shorthash(out.data(), in.data(), in.size(), names.data());
  return out[0] | out[1] << 8U | out[2] << 16U | static_cast<std::uint32_t>(out[3]) << 24U;
}

}  // namespace

ProgramKeys DeriveKeys(const SecretKey& secret) {
  ProgramKeys keys;
  keys.chain = Derive(secret, "entries");
  keys.seal = Derive(secret, "seals");
  keys.identifiers = Derive(secret, "identifiers");
  keys.names = Derive(secret, "names");
  keys.search = Derive(secret, "search");
  keys.pages = Derive(secret, "pages");
  keys.terminals = Derive(secret, "terminals");
  return keys;
}

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what waits is written before it is read
Digest::Digest(const SecretKey& key) { crypto_generichash_init(&state_, key.data(), key.size(), kBytes); }

void Digest::Put(const void* bytes, std::size_t size) {
  if (size == 0) return;
  if (size > waiting_.size() - size_) {
    crypto_generichash_update(&state_, waiting_.data(), size_);
    size_ = 0;
    if (size > waiting_.size()) {
      crypto_generichash_update(&state_, static_cast<const unsigned char*>(bytes), size);
      return;
    }
  }
  std::memcpy(waiting_.data() + size_, bytes, size);
  size_ += size;
}

void Digest::Add(std::int64_t number) {
  std::array<unsigned char, 8> bytes{};
  auto bits = static_cast<std::uint64_t>(number);
  for (unsigned char& byte : bytes) {
    byte = static_cast<unsigned char>(bits);
    bits >>= 8U;
  }
  Put(bytes.data(), bytes.size());
}

void Digest::Add(std::string_view text) {
  Add(static_cast<std::int64_t>(text.size()));
  Put(text.data(), text.size());
}

Bytes Digest::Finish() {
  crypto_generichash_update(&state_, waiting_.data(), size_);
  size_ = 0;
  Bytes hash{std::string(kBytes, '\0')};
  crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(hash.value.data()), kBytes);
  return hash;
}

std::string Hex(const Bytes& bytes) {
  std::string hex(bytes.value.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.value.data()),
                 bytes.value.size());
  hex.pop_back();
  return hex;
}

std::string KeyCheck(const SecretKey& secret) {
  const SecretKey check = Derive(secret, "check");
  return Hex({std::string(check.begin(), check.end())});
}

std::int64_t Disguise(const SecretKey& names, NameOf purpose, std::int64_t id) {
  auto left = static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) >> 32U);
  auto right = static_cast<std::uint32_t>(id);
  for (unsigned round = 0; round < kRounds; ++round) {
    const std::uint32_t next = left ^ Round(names, purpose, round, right);
    left = right;
    right = next;
  }
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) << 32U | right);
}

std::int64_t Reveal(const SecretKey& names, NameOf purpose, std::int64_t name) {
  auto left = static_cast<std::uint32_t>(static_cast<std::uint64_t>(name) >> 32U);
  auto right = static_cast<std::uint32_t>(name);
  for (unsigned round = kRounds; round-- > 0;) {
    const std::uint32_t before = right ^ Round(names, purpose, round, left);
    right = left;
    left = before;
  }
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) << 32U | right);
}

}  // namespace loyalty
