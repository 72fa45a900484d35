#include "services/rpc/page_token.h"

#include <gmock/gmock.h>

namespace loyalty {
namespace {

const Secrets kSecrets{{{1, SecretKey{1, 2, 3}}}, 1};
const ProgramKeys kKeys = DeriveKeys(kSecrets);

TEST(PageToken, LeadsBackToItsPosition) {
  for (const std::string position : {"7", "", "stores/berlin/terminals/t1"}) {
    const auto read = ReadPageToken(kKeys, "stores", MakePageToken(kKeys, "stores", position));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, position);
  }
}

TEST(PageToken, AnEmptyTokenIsTheStart) { EXPECT_EQ(*ReadPageToken(kKeys, "stores", ""), ""); }

TEST(PageToken, IsRefusedInAnotherListOrUnderAnotherKey) {
  const std::string token = MakePageToken(kKeys, "entries|members/a", "7");
  EXPECT_FALSE(ReadPageToken(kKeys, "entries|members/b", token));
  EXPECT_FALSE(ReadPageToken(DeriveKeys(SecretKey{9}), "entries|members/a", token));
}

// A key of another purpose makes no token, and the key of tokens nothing else.
TEST(PageToken, IsRefusedWhenAKeyOfAnotherPurposeMadeIt) {
  for (const Purpose other : {&KeySet::chain, &KeySet::seal, &KeySet::content, &KeySet::payload, &KeySet::terminals}) {
    ProgramKeys mixed = kKeys;
    mixed.current.pages = kKeys.current.*other;
    EXPECT_FALSE(ReadPageToken(kKeys, "stores", MakePageToken(mixed, "stores", "7")));
    EXPECT_FALSE(ReadPageToken(mixed, "stores", MakePageToken(kKeys, "stores", "7")));
  }
}

TEST(PageToken, IsGoodAfterAnotherSecretBecameCurrentAndRefusedWhereItsOwnIsGone) {
  Secrets two = kSecrets;
  two.all.push_back({2, SecretKey{4, 5}});
  two.current = 2;
  const ProgramKeys after = DeriveKeys(two), without = DeriveKeys({{two.all.back()}, 2});
  const std::string before = MakePageToken(kKeys, "stores", "7"), token = MakePageToken(after, "stores", "8");
  EXPECT_NE(token, MakePageToken(kKeys, "stores", "8"));
  EXPECT_EQ(*ReadPageToken(after, "stores", before), "7");
  EXPECT_EQ(*ReadPageToken(after, "stores", token), "8");
  for (const auto& gone : {ReadPageToken(without, "stores", before), ReadPageToken(kKeys, "stores", token)}) {
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().reason, Reason::kPageTokenInvalid);
  }
}

TEST(PageToken, IsRefusedWhenAnyCharacterWasChanged) {
  const std::string token = MakePageToken(kKeys, "s", "12345");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = ReadPageToken(kKeys, "s", changed);
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.error().reason, Reason::kPageTokenInvalid);
  }
}

TEST(PageToken, IsRefusedWhenItIsNone) {
  for (const std::string& text : {std::string("x"), std::string("!!!!"), std::string(5'000, 'A')})
    EXPECT_FALSE(ReadPageToken(kKeys, "s", text));
}

TEST(PageSize, IsFiftyByDefaultAndAThousandAtMost) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(1), 1);
  EXPECT_EQ(*PageSize(1'000), 1'000);
  EXPECT_FALSE(PageSize(-1));
  EXPECT_EQ(*PageSize(1'001), 1'000);
}

}  // namespace
}  // namespace loyalty
