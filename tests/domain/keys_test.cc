// The keys of a program, and what is made with them: names of receipts, sealed text.
#include "domain/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "domain/person.h"
#include "domain/sealed_text.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

SecretKey Secret(unsigned char first) {
  SecretKey secret{};
  secret[0] = first;
  return secret;
}

TEST(DeriveKeys, EachPurposeHasAKeyOfItsOwn) {
  std::set<SecretKey> keys;
  for (const unsigned char first : {1, 2}) {
    const ProgramKeys derived = DeriveKeys(Secret(first));
    keys.insert({derived.chain, derived.seal, derived.identifiers, derived.names, derived.search, derived.pages});
  }
  EXPECT_EQ(keys.size(), 12U);
}

TEST(KeyCheck, TellsKeysApartAndIsNoKey) {
  const std::string check = KeyCheck(Secret(1));
  EXPECT_EQ(check.size(), 64U);
  EXPECT_EQ(check, KeyCheck(Secret(1)));
  EXPECT_NE(check, KeyCheck(Secret(2)));
}

TEST(Digest, PartsDoNotRunIntoEachOther) {
  const auto of = [](auto... parts) {
    Digest digest(Secret(1));
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
        const SecretKey names = Secret(*rc::gen::arbitrary<unsigned char>());
        for (const NameOf purpose : {NameOf::kReceipt, NameOf::kRedemption})
          RC_ASSERT(Reveal(names, purpose, Disguise(names, purpose, id)) == id);
      },
      50);
}

TEST(Disguise, NamesDoNotCount) {
  const SecretKey names = Secret(1);
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
