#include "retention/holdout.h"

#include <sodium.h>

#include <array>

namespace loyalty::retention {
namespace {

constexpr std::uint32_t kPartsPerMillion = 1'000'000;

void Update(crypto_hash_sha256_state& state, std::string_view text) {
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

std::uint64_t HoldoutHash(std::string_view salt, std::string_view member_id) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  Update(state, salt);
  Update(state, ":");
  Update(state, member_id);
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) hash = hash << 8 | digest[i];
  return hash;
}

bool IsHeldOut(std::uint64_t hash, std::uint32_t share_ppm) {
  // In 128 bits, because a share of 1 begins at 2^64.
  return static_cast<unsigned __int128>(hash) < (static_cast<unsigned __int128>(share_ppm) << 64) / kPartsPerMillion;
}

}  // namespace loyalty::retention
