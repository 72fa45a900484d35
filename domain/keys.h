// The secrets of a program, one for each purpose, all made from the one in the state directory.
#pragma once

#include <sodium/crypto_generichash.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "domain/bytes.h"

namespace loyalty {

using SecretKey = std::array<unsigned char, 32>;

// What each key is for. Those of identifiers, names and search are never changed: stored hashes and printed names
// depend on them. `id` names the pair that seals; it stands in every seal.
struct ProgramKeys {
  unsigned char id = 1;
  SecretKey chain{};        // of the entries of a member
  SecretKey seal{};         // of single rows, and of blocks of rows
  SecretKey identifiers{};  // phone numbers, e-mail addresses and tokens are stored as hashes
  SecretKey names{};        // receipts and redemptions are named by a permutation of their ids
  SecretKey search{};       // names of people are looked up by hashes
  SecretKey pages{};        // page tokens
  SecretKey terminals{};    // keys of terminals are derived from the requests that ask for them
};
ProgramKeys DeriveKeys(const SecretKey& secret);

// A keyed hash, BLAKE2b of 16 bytes over what is added; parts cannot run into each other.
class Digest {
 public:
  static constexpr std::size_t kBytes = 16;

  explicit Digest(const SecretKey& key);
  // Eight bytes, least significant first.
  void Add(std::int64_t number);
  // The length first.
  void Add(std::string_view text);
  // One byte.
  void Mark(unsigned char byte) { Put(&byte, 1); }
  Bytes Finish();

 private:
  void Put(const void* bytes, std::size_t size);

  crypto_generichash_state state_;
  std::array<unsigned char, 512> waiting_;  // a row is many small parts, and each call of the library has a price
  std::size_t size_ = 0;
};

// What tells two keys apart and says nothing about either: 64 hexadecimal digits.
std::string KeyCheck(const SecretKey& secret);

// A number that nobody can guess in place of one that counts, and back: a permutation of 64 bits (a Feistel network of
// eight rounds, each a keyed hash: Luby and Rackoff, 1988). `purpose` keeps several kinds of names apart.
enum class NameOf : unsigned char { kReceipt = 1, kRedemption = 2 };
std::int64_t Disguise(const SecretKey& names, NameOf purpose, std::int64_t id);
std::int64_t Reveal(const SecretKey& names, NameOf purpose, std::int64_t name);

}  // namespace loyalty
