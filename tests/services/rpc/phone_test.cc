#include "services/rpc/phone.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

namespace loyalty {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ToE164, OneNumberHoweverItIsWritten) {
  struct Row {
    const char* country;
    const char* text;
    const char* e164;
  };
  for (const Row& row : {
           Row{"", "+49 (0)30 123", "+4930123"},
           {"DE", "+49 (0)30 123", "+4930123"},
           {"DE", "030 123", "+4930123"},
           {"DE", "030/123", "+4930123"},
           {"DE", "0049 30 123", "+4930123"},
           {"DE", "0049 (0)30-123", "+4930123"},
           {"DE", "+4930123", "+4930123"},
           {"DE", " 0176 123 456 78 ", "+4917612345678"},
           {"DE", "tel:+49-30-1234567", "+49301234567"},
           {"DE", "\uFF10\uFF13\uFF10\uFF11\uFF12\uFF13", "+4930123"},  // full-width digits
           // The zero of an Italian number stays, wherever it is called from.
           {"IT", "06 12345678", "+390612345678"},
           {"DE", "+39 06 12345678", "+390612345678"},
           // The same digits are another number elsewhere.
           {"AT", "030 1234567", "+43301234567"},
           // Other trunk and international prefixes.
           {"HU", "06 1 234 5678", "+3612345678"},
           {"RU", "8 (495) 123-45-67", "+74951234567"},
           {"US", "(212) 555-0123", "+12125550123"},
           {"US", "011 49 30 1234567", "+49301234567"},
       }) {
    const auto number = ToE164(row.text, row.country);
    ASSERT_TRUE(number) << row.text << ": " << number.error().message;
    EXPECT_EQ(*number, row.e164) << row.country << " " << row.text;
    EXPECT_EQ(*ToE164(row.e164, row.country), row.e164);
    EXPECT_EQ(*ToE164(row.e164, ""), row.e164);
  }
}

TEST(ToE164, SaysWhyAndNeverWhat) {
  struct Row {
    const char* country;
    std::string text;
    const char* why;
  };
  for (const Row& row : {
           Row{"", "030 1234567", "country code"},
           {"", "0049 30 1234567", "country code"},
           {"XX", "030 1234567", "country code"},
           {"DE", "+999 1234567", "country code"},
           {"DE", "12", "area code"},
           {"DE", "+49 30", "area code"},
           {"US", "+1 555 01", "too short"},
           {"DE", "+49 30 12345678901234", "too long"},
           {"DE", "+49 1", "too short"},
           {"DE", "+49+301234567", "no phone number"},
           {"DE", "abc", "no phone number"},
           {"DE", "+", "no phone number"},
           {"DE", "", "no phone number"},
           {"DE", "030 1234567 ext. 5", "extension"},
           {"DE", std::string(65, '1'), "64 bytes"},
       }) {
    const auto number = ToE164(row.text, row.country);
    ASSERT_FALSE(number) << row.text << " became " << *number;
    EXPECT_EQ(number.error().reason, Reason::kInvalidArgument);
    EXPECT_EQ(number.error().metadata.at("field"), "identifier.phone");
    EXPECT_THAT(number.error().message, HasSubstr(row.why)) << row.text;
    EXPECT_THAT(number.error().message, Not(HasSubstr("1234567 e")));
  }
}

TEST(ToE164, ThreadsMayAskAtTheSameTime) {
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (std::size_t i = 0; i < right.size(); ++i)
    threads.emplace_back([&count = right[i]] {
      for (int n = 0; n < 200; ++n) count += ToE164("030 1234567", n % 2 == 0 ? "DE" : "AT").has_value() ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(right, ::testing::Each(200));
}

}  // namespace
}  // namespace loyalty
