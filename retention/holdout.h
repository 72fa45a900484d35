// Control groups without a table: who is held out follows from a salt and the member's id alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace loyalty::retention {

// The first eight bytes, big endian, of SHA-256(salt ":" member_id). Uniform over 64 bits; two salts are independent of
// each other: one for the global control group, one for each campaign. An id may not hold ':', or two pairs of salt and
// id could be the same text.
std::uint64_t HoldoutHash(std::string_view salt, std::string_view member_id);

// True when the member belongs to the control group of `share_ppm` millionths: hash < share * 2^64, exactly. 0 holds
// out nobody, 1,000,000 (and more) everybody. A member who is held out stays so when the share grows.
bool IsHeldOut(std::uint64_t hash, std::uint32_t share_ppm);

}  // namespace loyalty::retention
