#include "domain/pin.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

TEST(Pin, HasFourToTwelveDigits) {
  for (const char* text : {"4071", "000000000000", "1234"}) EXPECT_TRUE(IsPin(text)) << text;
  for (const char* text : {"", "407", "4071407140714", "40a1", " 4071", "4071\n", "４０７１"})
    EXPECT_FALSE(IsPin(text)) << text;
}

TEST(Pin, IsNoneOfThoseThatAreTriedFirst) {
  for (const char* text : {"4071", "1235", "9875", "11223344", "1221", "740615"}) EXPECT_TRUE(IsGoodPin(text)) << text;
  for (const char* text : {"0000", "777777", "1212", "909090", "1234", "0123", "7890", "9876", "3210", "2109", "407"})
    EXPECT_FALSE(IsGoodPin(text)) << text;
}

}  // namespace
}  // namespace loyalty
