#include "domain/keys.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "domain/check.h"

namespace loyalty {
namespace {

// Numbers of purposes: never changed, never used again.
enum class SubKey : std::uint8_t {
  kChain = 1,
  kSeal = 2,
  kContent = 3,
  kPayload = 4,
  kPages = 5,
  kTerminals = 6,
  kIdentifiers = 7,
  kNames = 8,
  kSearch = 9,
  kCheck = 10,
  kCodes = 11,
  kPins = 12,
};

SecretKey Derive(const SecretKey& secret, SubKey purpose) {
  static_assert(std::tuple_size_v<SecretKey> == crypto_kdf_KEYBYTES);
  constexpr char kContext[] = "stammgst";
  static_assert(sizeof(kContext) == crypto_kdf_CONTEXTBYTES + 1);
  SecretKey key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), static_cast<std::uint64_t>(purpose), kContext, secret.data());
  return key;
}

KeySet SetOf(const Secret& secret) {
  return {.id = secret.id,
          .chain = Derive(secret.key, SubKey::kChain),
          .seal = Derive(secret.key, SubKey::kSeal),
          .content = Derive(secret.key, SubKey::kContent),
          .payload = Derive(secret.key, SubKey::kPayload),
          .pages = Derive(secret.key, SubKey::kPages),
          .terminals = Derive(secret.key, SubKey::kTerminals),
          .codes = Derive(secret.key, SubKey::kCodes),
          .pins = Derive(secret.key, SubKey::kPins)};
}

constexpr unsigned char kKeyedEncoding = 1;

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

const KeySet* ProgramKeys::Find(KeyId id) const {
  if (current.id == id) return &current;
  const auto at = std::find_if(others.begin(), others.end(), [id](const KeySet& one) { return one.id == id; });
  return at == others.end() ? nullptr : &*at;
}

const KeySet* ProgramKeys::MakerOf(const Bytes& stamped) const {
  return stamped.value.size() < kStampBytes ? nullptr : Find(static_cast<KeyId>(stamped.value[1]));
}

ProgramKeys DeriveKeys(const Secrets& secrets) {
  Check(!secrets.all.empty(), "a program has a secret");
  const Secret& oldest = secrets.all.front();
  ProgramKeys keys;
  keys.identifiers = Derive(oldest.key, SubKey::kIdentifiers);
  keys.names = Derive(oldest.key, SubKey::kNames);
  keys.search = Derive(oldest.key, SubKey::kSearch);
  bool found = false;
  for (const Secret& secret : secrets.all) {
    found = found || secret.id == secrets.current;
    if (secret.id == secrets.current) {
      keys.current = SetOf(secret);
    } else {
      keys.others.push_back(SetOf(secret));
    }
  }
  Check(found, "one of the secrets is current");
  return keys;
}

ProgramKeys DeriveKeys(const SecretKey& secret) { return DeriveKeys(Secrets{{{1, secret}}, 1}); }

Bytes Stamped(unsigned char encoding, KeyId id, Bytes made) {
  made.value.insert(0, {static_cast<char>(encoding), static_cast<char>(id)});
  return made;
}

Bytes Keyed(const KeySet& keys, Purpose purpose, const Bytes& hash) {
  Digest digest(keys.*purpose);
  digest.Add(hash.value);
  return Stamped(kKeyedEncoding, keys.id, digest.Finish());
}

std::optional<bool> IsKeyed(const ProgramKeys& keys, Purpose purpose, const Bytes& stored, const Bytes& hash) {
  const KeySet* maker = keys.MakerOf(stored);
  if (maker == nullptr) return std::nullopt;
  return stored == Keyed(*maker, purpose, hash);
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
  const SecretKey check = Derive(secret, SubKey::kCheck);
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
