// The keys of a program, one for each purpose, all made from the secrets in the state directory.
#pragma once

#include <sodium/crypto_generichash.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/bytes.h"

namespace loyalty {

using SecretKey = std::array<unsigned char, 32>;

// Names a secret for ever: 1 to 255, and the higher the newer.
using KeyId = unsigned char;

struct Secret {
  KeyId id = 1;
  SecretKey key{};
};

// All that a program has had, by ascending ids, and which of them makes what is new.
struct Secrets {
  std::vector<Secret> all;
  KeyId current = 1;
};

// What each secret is good for. Whatever these keys make says whose it is (Stamped), so that another secret may follow.
struct KeySet {
  KeyId id = 1;
  SecretKey chain{};      // of the entries of a member
  SecretKey seal{};       // of single rows, and of blocks of rows
  SecretKey content{};    // what must be equal for a receipt to be the same one again
  SecretKey payload{};    // what must be equal for a request to be the same one again
  SecretKey pages{};      // page tokens
  SecretKey terminals{};  // keys of callers are derived from the requests that ask for them
  SecretKey codes{};      // so are enrolment codes, which are stored as keyed hashes
  SecretKey pins{};       // PINs are few: whoever has the database alone cannot try them all
};

struct ProgramKeys {
  // Of the oldest secret, and never changed: what is stored under them is looked up, or was printed.
  SecretKey identifiers{};  // phone numbers, e-mail addresses and tokens are stored as hashes
  SecretKey names{};        // receipts and redemptions are named by a permutation of their ids
  SecretKey search{};       // names of people are looked up by hashes

  KeySet current;              // makes what is new
  std::vector<KeySet> others;  // of before, or of the day when one of them becomes current

  // nullptr: no such key is known.
  const KeySet* Find(KeyId id) const;
  // The one that made a value (Stamped).
  const KeySet* MakerOf(const Bytes& stamped) const;
};

ProgramKeys DeriveKeys(const Secrets& secrets);
// Of the only secret there is, with id 1.
ProgramKeys DeriveKeys(const SecretKey& secret);

// How what a key made is stored: behind the version of its encoding and the id of the key.
Bytes Stamped(unsigned char encoding, KeyId id, Bytes made);
inline constexpr std::size_t kStampBytes = 2;

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

// What is stored in place of a hash over what somebody could guess: nobody can make it without the key.
using Purpose = SecretKey KeySet::*;
Bytes Keyed(const KeySet& keys, Purpose purpose, const Bytes& hash);
// Whether `stored` was made of `hash`. Nothing: it was made with a key that is not known here.
std::optional<bool> IsKeyed(const ProgramKeys& keys, Purpose purpose, const Bytes& stored, const Bytes& hash);

// What tells two keys apart and says nothing about either: 64 hexadecimal digits.
std::string KeyCheck(const SecretKey& secret);

// A number that nobody can guess in place of one that counts, and back: a permutation of 64 bits (a Feistel network of
// eight rounds, each a keyed hash: Luby and Rackoff, 1988). `purpose` keeps several kinds of names apart.
enum class NameOf : unsigned char { kReceipt = 1, kRedemption = 2, kAlert = 3 };
std::int64_t Disguise(const SecretKey& names, NameOf purpose, std::int64_t id);
std::int64_t Reveal(const SecretKey& names, NameOf purpose, std::int64_t name);

}  // namespace loyalty
