#include "domain/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace loyalty {
namespace {

TEST(Reason, EveryReasonHasANameOfItsOwnInUpperSnake) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::kInternal); ++i) {
    const auto name = ReasonName(static_cast<Reason>(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos) << name;
  }
  EXPECT_EQ(ReasonName(Reason::kInternal), "INTERNAL");
}

TEST(Result, IsAValueOrAnError) {
  const Result<int> value = 7;
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 7);
  const Result<int> refused = InvalidField("lines[3].sku", "too long");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kInvalidArgument);
  EXPECT_EQ(refused.error().message, "lines[3].sku: too long");
  EXPECT_EQ(refused.error().metadata.at("field"), "lines[3].sku");
}

}  // namespace
}  // namespace loyalty
