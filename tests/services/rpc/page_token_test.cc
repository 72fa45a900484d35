#include "services/rpc/page_token.h"

#include <gmock/gmock.h>

namespace loyalty {
namespace {

const SecretKey kKey{1, 2, 3};

TEST(PageToken, LeadsBackToItsPosition) {
  for (const std::string position : {"7", "", "stores/berlin/terminals/t1"}) {
    const auto read = ReadPageToken(kKey, "stores", MakePageToken(kKey, "stores", position));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, position);
  }
}

TEST(PageToken, AnEmptyTokenIsTheStart) { EXPECT_EQ(*ReadPageToken(kKey, "stores", ""), ""); }

TEST(PageToken, IsRefusedInAnotherListOrUnderAnotherKey) {
  const std::string token = MakePageToken(kKey, "entries|members/a", "7");
  EXPECT_FALSE(ReadPageToken(kKey, "entries|members/b", token));
  EXPECT_FALSE(ReadPageToken(SecretKey{9}, "entries|members/a", token));
}

TEST(PageToken, IsRefusedWhenAnyCharacterWasChanged) {
  const std::string token = MakePageToken(kKey, "s", "12345");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = ReadPageToken(kKey, "s", changed);
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.error().reason, Reason::kPageTokenInvalid);
  }
}

TEST(PageToken, IsRefusedWhenItIsNone) {
  for (const std::string& text : {std::string("x"), std::string("!!!!"), std::string(5'000, 'A')})
    EXPECT_FALSE(ReadPageToken(kKey, "s", text));
}

TEST(PageSize, IsFiftyByDefaultAndAThousandAtMost) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(1), 1);
  EXPECT_EQ(*PageSize(1'000), 1'000);
  EXPECT_FALSE(PageSize(-1));
  EXPECT_FALSE(PageSize(1'001));
}

}  // namespace
}  // namespace loyalty
