// The keys of a program, and what is made with them: names of receipts, sealed text.
#include "domain/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "domain/person.h"
#include "domain/sealed_text.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

SecretKey SecretOf(unsigned char first) {
  SecretKey secret{};
  secret[0] = first;
  return secret;
}

// Two secrets, of which the newer one makes what is new.
Secrets Two() { return {{{1, SecretOf(1)}, {2, SecretOf(2)}}, 2}; }

std::vector<SecretKey> PurposesOf(const KeySet& keys) {
  return {keys.chain, keys.seal, keys.content, keys.payload, keys.pages, keys.terminals, keys.codes};
}

TEST(DeriveKeys, NoTwoPurposesShareBytes) {
  const ProgramKeys keys = DeriveKeys(Two());
  std::vector<SecretKey> all{keys.identifiers, keys.names, keys.search, SecretOf(1), SecretOf(2)};
  for (const KeySet* set : {keys.Find(1), keys.Find(2)})
    for (const SecretKey& key : PurposesOf(*set)) all.push_back(key);
  std::set<std::string> parts;  // four bytes at each place
  for (const SecretKey& key : all)
    for (std::size_t at = 0; at + 4 <= key.size(); at += 4) parts.emplace(key.begin() + at, key.begin() + at + 4);
  parts.insert(std::string(4, '\0'));  // of the secrets, but for their first
  EXPECT_EQ(parts.size(), 17 * 8 + 2 + 1);
}

// For good: computed with another implementation of BLAKE2b, as crypto_kdf defines it.
TEST(DeriveKeys, StaysAsItIs) {
  const ProgramKeys keys = DeriveKeys(SecretOf(1));
  const auto hex = [](const SecretKey& key) { return Hex({std::string(key.begin(), key.end())}); };
  EXPECT_EQ(hex(keys.current.chain), "048402b8e3e2d0be3911969981631147510543d1bc9c362ee999ff1f6bae60b4");
  EXPECT_EQ(hex(keys.names), "d5a407e7b00836883a603b932dcc4108a77034d6b4f8df9b2e4c74aa58700eaa");
}

TEST(DeriveKeys, WhatIsFoundByItsHashKeepsTheKeyOfTheOldest) {
  const ProgramKeys one = DeriveKeys(SecretOf(1)), two = DeriveKeys(Two());
  EXPECT_EQ(one.identifiers, two.identifiers);
  EXPECT_EQ(one.names, two.names);
  EXPECT_EQ(one.search, two.search);
  EXPECT_NE(one.current.seal, two.current.seal);
  EXPECT_EQ(PurposesOf(one.current), PurposesOf(*two.Find(1)));
  EXPECT_EQ(two.current.id, 2);
  EXPECT_EQ(two.Find(3), nullptr);
}

TEST(Keyed, FitsItsHashUnderItsKeyAndPurpose) {
  const ProgramKeys before = DeriveKeys(SecretOf(1)), after = DeriveKeys(Two());
  const Bytes hash{std::string(16, 'h')}, other{std::string(16, 'o')};
  const Bytes stored = Keyed(before.current, &KeySet::payload, hash);
  EXPECT_EQ(stored.value.size(), kStampBytes + Digest::kBytes);
  EXPECT_EQ(IsKeyed(after, &KeySet::payload, stored, hash), true);
  EXPECT_EQ(IsKeyed(after, &KeySet::payload, stored, other), false);
  EXPECT_EQ(IsKeyed(after, &KeySet::content, stored, hash), false);
  const Bytes newer = Keyed(after.current, &KeySet::payload, hash);
  EXPECT_EQ(newer.value[1], 2);
  EXPECT_EQ(IsKeyed(after, &KeySet::payload, newer, hash), true);
  EXPECT_EQ(IsKeyed(before, &KeySet::payload, newer, hash), std::nullopt) << "of a key that is not there";
  EXPECT_EQ(IsKeyed(before, &KeySet::payload, Bytes{}, hash), std::nullopt);
}

TEST(KeyCheck, TellsKeysApartAndIsNoKey) {
  const std::string check = KeyCheck(SecretOf(1));
  EXPECT_EQ(check.size(), 64U);
  EXPECT_EQ(check, KeyCheck(SecretOf(1)));
  EXPECT_NE(check, KeyCheck(SecretOf(2)));
}

TEST(Digest, PartsDoNotRunIntoEachOther) {
  const auto of = [](auto... parts) {
    Digest digest(SecretOf(1));
    (digest.Add(parts), ...);
    return digest.Finish();
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(of("ab"sv, "c"sv), of("ab"sv, "c"sv));
  EXPECT_NE(of("ab"sv, "c"sv), of("a"sv, "bc"sv));
  EXPECT_NE(of(std::int64_t{1}, std::int64_t{0}), of(std::int64_t{0}, std::int64_t{1}));
  EXPECT_NE(of(""sv), of(""sv, ""sv));
}

TEST(Disguise, IsAPermutationThatTheKeyTakesBack) {
  test::Check(
      [] {
        const auto id = *rc::gen::arbitrary<std::int64_t>();
        const SecretKey names = SecretOf(*rc::gen::arbitrary<unsigned char>());
        for (const NameOf purpose : {NameOf::kReceipt, NameOf::kRedemption})
          RC_ASSERT(Reveal(names, purpose, Disguise(names, purpose, id)) == id);
      },
      50);
}

TEST(Disguise, NamesDoNotCount) {
  const SecretKey names = SecretOf(1);
  std::set<std::int64_t> seen;
  for (std::int64_t id = 1; id <= 1'000; ++id) {
    seen.insert(Disguise(names, NameOf::kReceipt, id));
    seen.insert(Disguise(names, NameOf::kRedemption, id));
  }
  EXPECT_EQ(seen.size(), 2'000U);
  // Ids are counted up; of their names about half have the highest bit.
  const auto negative = std::distance(seen.begin(), seen.lower_bound(0));
  EXPECT_GT(negative, 850);
  EXPECT_LT(negative, 1'150);
}

TEST(SealedText, OpensWithItsKeyOnly) {
  const Bytes mine{std::string(32, 'a')};
  const Bytes other{std::string(32, 'b')};
  const Bytes sealed = SealText(mine, "+49301234567");
  EXPECT_EQ(OpenText(mine, sealed), "+49301234567");
  EXPECT_EQ(sealed, SealText(mine, "+49301234567"));
  EXPECT_EQ(sealed.value.find("4930"), std::string::npos);
  EXPECT_FALSE(OpenText(other, sealed));
  for (std::size_t at = 0; at < sealed.value.size(); ++at) {
    Bytes changed = sealed;
    changed.value[at] ^= 1;
    EXPECT_FALSE(OpenText(mine, changed)) << at;
  }
  EXPECT_FALSE(OpenText(mine, Bytes{}));
  EXPECT_FALSE(OpenText(mine, Bytes{sealed.value.substr(0, 20)}));
}

TEST(SealedPerson, ComesBackAsItWas) {
  const Bytes secret{std::string(32, 'a')};
  const auto person = OpenPerson(secret, SealPerson(secret, {"Ada", "O'Neill \\ \"Söhne\"", "1815-12-10"}));
  ASSERT_TRUE(person);
  EXPECT_EQ(person->given_name, "Ada");
  EXPECT_EQ(person->family_name, "O'Neill \\ \"Söhne\"");
  EXPECT_EQ(person->birth_date, "1815-12-10");
  EXPECT_FALSE(OpenPerson(Bytes{std::string(32, 'b')}, SealPerson(secret, {"Ada", "", ""})));
}

TEST(BirthdayOf, IsMonthAndDay) {
  EXPECT_EQ(BirthdayOf("1815-12-10"), 12 * 32 + 10);
  EXPECT_EQ(BirthdayOf("2004-02-29"), 2 * 32 + 29);
  EXPECT_EQ(BirthdayOf(""), 0);
}

}  // namespace
}  // namespace loyalty
