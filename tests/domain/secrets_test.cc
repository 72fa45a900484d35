#include "domain/secrets.h"

#include <gmock/gmock.h>

namespace loyalty {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kOne(64, 'a'), kTwo(64, 'b');

TEST(Secrets, AreReadAsTheyWereWritten) {
  const auto one = ParseSecrets("1 " + kOne + " current\n");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->current, 1);
  const std::string text = "1 " + kOne + "\n7 " + kTwo + " current\n255 " + kOne + "\n";
  const auto three = ParseSecrets(text);
  ASSERT_TRUE(three);
  EXPECT_EQ(three->all.size(), 3U);
  EXPECT_EQ(three->current, 7);
  EXPECT_EQ(three->all[1].key[31], 0xbb);
  EXPECT_EQ(SecretsText(*three), text);
  EXPECT_TRUE(ParseSecrets(text.substr(0, text.size() - 1))) << "an editor may leave out the last line feed";
}

TEST(Secrets, WhatIsWrongIsNamedByItsLineAndNeverByTheKey) {
  const std::string one = "1 " + kOne + " current\n";
  for (const auto& [text, why] : {std::pair<std::string, const char*>{"", "no key is current"},
                                  {"\n", "line 1"},
                                  {kOne + "\n", "line 1: begins with no id"},
                                  {"1 " + kOne + "\n", "no key is current"},
                                  {"0 " + kOne + " current\n", "line 1: begins with no id"},
                                  {"256 " + kOne + " current\n", "line 1: begins with no id"},
                                  {"x1 " + kOne + " current\n", "line 1: begins with no id"},
                                  {"1 " + kOne + "a current\n", "line 1: no 64"},
                                  {"1 " + kOne.substr(2) + " current\n", "line 1: no 64"},
                                  {"1 " + kOne.substr(1) + "x current\n", "line 1: no 64"},
                                  {"1  " + kOne + " current\n", "line 1: no 64"},
                                  {"1 " + kOne + " new\n", "line 1: only 'current'"},
                                  {one + "1 " + kTwo + "\n", "line 2: its id"},
                                  {"2" + one.substr(1) + "1 " + kTwo + "\n", "line 2: its id"},
                                  {one + "2 " + kTwo + " current\n", "line 2: a second"}}) {
    const auto read = ParseSecrets(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr(why)) << text;
    EXPECT_THAT(read.error().message, Not(HasSubstr("aaaa")));
  }
}

}  // namespace
}  // namespace loyalty
