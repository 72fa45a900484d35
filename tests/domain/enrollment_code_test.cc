#include "domain/enrollment_code.h"

#include <gtest/gtest.h>

#include <set>

namespace loyalty {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string CodeOf(unsigned char seed) {
  std::array<unsigned char, 10> bits{};
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<unsigned char>(seed * (i + 1) * 37 + i);
  return EnrollmentCode(bits);
}
std::string Plain(unsigned char seed) { return *ReadEnrollmentCode(CodeOf(seed)); }

TEST(EnrollmentCode, HasFourGroupsOfFour) {
  EXPECT_EQ(EnrollmentCode({}), "0000-0000-0000-0000");
  EXPECT_EQ(EnrollmentCode({255, 255, 255, 255, 255, 255, 255, 255, 255, 255}).substr(0, 18), "ZZZZ-ZZZZ-ZZZZ-ZZZ");
}

TEST(EnrollmentCode, UsesAllOf75Bits) {
  std::set<std::string> codes{EnrollmentCode({})};
  for (std::size_t bit = 0; bit < 75; ++bit) {
    std::array<unsigned char, 10> bits{};
    bits[bit / 8] = static_cast<unsigned char>(0x80U >> bit % 8);
    EXPECT_TRUE(codes.insert(EnrollmentCode(bits)).second) << bit;
  }
}

TEST(ReadEnrollmentCode, TakesItAsPeopleType) {
  const std::string code = *ReadEnrollmentCode(EnrollmentCode({0, 66, 49, 0, 1, 7, 255, 3, 4, 5}));
  std::string small, spaced;
  for (const char c : code) {
    small += static_cast<char>(c >= 'A' ? c - 'A' + 'a' : c);
    spaced += std::string(" ") + (c == '0' ? 'o' : c == '1' ? 'l' : c);
  }
  EXPECT_EQ(ReadEnrollmentCode(small), code);
  EXPECT_EQ(ReadEnrollmentCode(spaced + " \r\n"), code);
}

TEST(ReadEnrollmentCode, SeesEachWrongCharacterAndEachTwoThatChangedPlaces) {
  for (unsigned char seed = 0; seed < 20; ++seed) {
    const std::string code = Plain(seed);
    for (std::size_t i = 0; i < code.size(); ++i) {
      for (const char wrong : kDigits) {
        std::string typed = code;
        typed[i] = wrong;
        EXPECT_EQ(ReadEnrollmentCode(typed).has_value(), wrong == code[i]) << typed;
      }
      for (std::size_t j = 0; j < i; ++j) {
        std::string typed = code;
        std::swap(typed[i], typed[j]);
        EXPECT_EQ(ReadEnrollmentCode(typed).has_value(), typed == code) << typed;
      }
    }
  }
}

TEST(ReadEnrollmentCode, RefusesWhatIsNone) {
  const std::string code = Plain(7);
  for (const std::string& typed : {std::string(), std::string("U") + code.substr(1), code.substr(1), code + "0",
                                   code + "\xc3\xa4", std::string(100, ' ') + code, std::string("lt_0123")})
    EXPECT_FALSE(ReadEnrollmentCode(typed)) << typed;
}

}  // namespace
}  // namespace loyalty
