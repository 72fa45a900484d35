#include "clients/names.h"

#include <gtest/gtest.h>

namespace loyalty::client {
namespace {

TEST(Names, ATerminalIsNamedByItsStoreAndItself) {
  const auto ids = SplitTerminalName(TerminalName("S1", "T/2"));
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->store, "S1");
  EXPECT_EQ(ids->terminal, "T/2");
  for (const char* text : {"", "S1", "stores/S1", "stores/S1/T1", "store/S1/terminals/T1"})
    EXPECT_FALSE(SplitTerminalName(text)) << text;
}

TEST(Names, AShortNameGetsItsCollection) {
  EXPECT_EQ(FullName("rewards", "coffee"), "rewards/coffee");
  EXPECT_EQ(FullName("rewards", "rewards/coffee"), "rewards/coffee");
  EXPECT_EQ(FullName("rewards", ""), "");
  EXPECT_EQ(ShortName("stores", "stores/S1"), "S1");
  EXPECT_EQ(ShortName("stores", "S1"), "S1");
}

}  // namespace
}  // namespace loyalty::client
