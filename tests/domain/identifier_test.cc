#include "domain/identifier.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/property.h"

namespace loyalty {
namespace {

using Kind = IdentifierKind;

constexpr SecretKey kSecret{1};

TEST(NormaliseIdentifier, Table) {
  struct Row {
    Kind kind;
    std::string text;
    std::string normal;  // the kind and the text
  };
  for (const Row& row : {
           Row{Kind::kCard, "4711", "card:4711"},
           {Kind::kCard, " 40 00-4170 25005 ", "card:4000417025005"},
           {Kind::kCard, "ab-12z", "card:AB12Z"},
           {Kind::kCard, "a:b/c", "card:A:B/C"},
           {Kind::kCard, std::string(64, '7'), "card:" + std::string(64, '7')},
           {Kind::kCard, std::string(64, '7') + " - ", "card:" + std::string(64, '7')},
           {Kind::kExternal, "crm-77 a", "external:CRM77A"},
           {Kind::kToken, "eyJ-aB:x", "token:eyJ-aB:x"},
           {Kind::kToken, std::string(128, 'x'), "token:" + std::string(128, 'x')},
           {Kind::kPhone, "+49301234567", "phone:+49301234567"},
           {Kind::kPhone, "+29012", "phone:+29012"},
           {Kind::kPhone, "+123456789012345", "phone:+123456789012345"},
           {Kind::kEmail, "Ada@Example.ORG", "email:ada@example.org"},
           {Kind::kEmail, "jürgen@müller.de", "email:jürgen@müller.de"},
           {Kind::kEmail, "a@b", "email:a@b"},
       }) {
    const auto identifier = NormaliseIdentifier(row.kind, row.text, kSecret);
    ASSERT_TRUE(identifier) << row.text;
    const auto colon = row.normal.find(':');
    EXPECT_EQ(identifier->kind, row.kind);
    EXPECT_EQ(identifier->text, row.normal.substr(colon + 1));
    if (IsOpen(row.kind)) {
      EXPECT_EQ(identifier->key, row.normal);
      continue;
    }
    // What is a person's is not to be read from what is stored.
    EXPECT_EQ(identifier->key.substr(0, colon + 1), row.normal.substr(0, colon + 1));
    const std::string hash = identifier->key.substr(colon + 1);
    EXPECT_EQ(hash.size(), 32U);
    EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos) << hash;
    EXPECT_NE(identifier->key, NormaliseIdentifier(row.kind, row.text, SecretKey{2})->key);
  }
}

TEST(NormaliseIdentifier, RefusesWhatIsNone) {
  struct Row {
    Kind kind;
    std::string text;
  };
  for (const Row& row : {
           Row{Kind::kCard, ""},
           {Kind::kCard, " - "},
           {Kind::kCard, std::string(65, '7')},
           {Kind::kCard, "47\t11"},
           {Kind::kCard, "47\x7f"},
           {Kind::kCard, "4711é"},
           {Kind::kCard, std::string("47\0", 3)},
           {Kind::kToken, ""},
           {Kind::kToken, "a b"},
           {Kind::kToken, std::string(129, 'x')},
           {Kind::kPhone, "030 1234567"},
           {Kind::kPhone, "0049301234567"},
           {Kind::kPhone, "+049301234567"},
           {Kind::kPhone, "+1234"},
           {Kind::kPhone, "+49 301234567"},
           {Kind::kPhone, "+1234567890123456"},
           {Kind::kPhone, "+49 30 12.34.567"},
           {Kind::kPhone, "+49+301234567"},
           {Kind::kPhone, "+"},
           {Kind::kPhone, ""},
           {Kind::kEmail, ""},
           {Kind::kEmail, "ada"},
           {Kind::kEmail, "@example.org"},
           {Kind::kEmail, "ada@"},
           {Kind::kEmail, "ada@a@b"},
           {Kind::kEmail, "ada lovelace@example.org"},
           {Kind::kEmail, "ada\n@example.org"},
           {Kind::kEmail, "\u202Egro.elpmaxe@ada"},
           {Kind::kEmail, std::string(127, 'a') + "@b"},
           {static_cast<Kind>(0), "4711"},
       }) {
    const auto identifier = NormaliseIdentifier(row.kind, row.text, kSecret);
    ASSERT_FALSE(identifier) << row.text;
    EXPECT_EQ(identifier.error().reason, Reason::kInvalidArgument);
    EXPECT_EQ(identifier.error().metadata.at("field"), "identifier");
    // What was sent may be personal data.
    if (row.text.size() > 4) {
      EXPECT_EQ(identifier.error().message.find(row.text), std::string::npos) << row.text;
    }
  }
}

TEST(NormaliseIdentifier, KindsDoNotMeet) {
  const auto key = [](Kind kind) { return NormaliseIdentifier(kind, "4711", kSecret)->key; };
  EXPECT_NE(key(Kind::kCard), key(Kind::kToken));
  EXPECT_NE(key(Kind::kCard), key(Kind::kExternal));
}

TEST(NormaliseIdentifier, NormalFormStaysAsItIs) {
  test::Check(
      [] {
        const auto kind = *rc::gen::element(Kind::kCard, Kind::kToken, Kind::kPhone, Kind::kEmail, Kind::kExternal);
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ09 -/()+@.:\t")));
        const auto once = NormaliseIdentifier(kind, text, kSecret);
        if (!once) return;
        const auto twice = NormaliseIdentifier(kind, once->text, kSecret);
        RC_ASSERT(twice.has_value());
        RC_ASSERT(*twice == *once);
      },
      20);
}

TEST(CheckDigits, KnownNumbers) {
  for (const char* number : {"79927398713", "4111111111111111", "00", "18", "0000000000"})
    EXPECT_TRUE(HasLuhnDigit(number)) << number;
  for (const char* number : {"79927398710", "4111111111111112", "", "0", "1", "1a", "-18"})
    EXPECT_FALSE(HasLuhnDigit(number)) << number;
  for (const char* number : {"4006381333931", "9780306406157", "2000000000008"})
    EXPECT_TRUE(HasEan13Digit(number)) << number;
  for (const char* number : {"4006381333932", "400638133393", "40063813339310", "", "400638133393x"})
    EXPECT_FALSE(HasEan13Digit(number)) << number;
}

// Every wrong digit at every place of a valid number is found.
void CheckFindsEverySingleError(std::string number, bool (*valid)(std::string_view)) {
  int check_digits = 0;
  for (char last = '0'; last <= '9'; ++last) {
    number.back() = last;
    if (valid(number)) ++check_digits;
  }
  RC_ASSERT(check_digits == 1);
  for (char last = '0'; last <= '9' && !valid(number); ++last) number.back() = last;
  RC_ASSERT(valid(number));
  for (std::size_t at = 0; at < number.size(); ++at) {
    std::string wrong = number;
    for (wrong[at] = '0'; wrong[at] <= '9'; ++wrong[at])
      if (wrong[at] != number[at]) RC_ASSERT_FALSE(valid(wrong));
  }
}

TEST(CheckDigits, LuhnFindsEverySingleError) {
  test::Check(
      [] {
        const auto length = *rc::gen::inRange<std::size_t>(2, 33);
        CheckFindsEverySingleError(
            *rc::gen::container<std::string>(length, rc::gen::inRange('0', static_cast<char>('9' + 1))), &HasLuhnDigit);
      },
      5);
}

TEST(CheckDigits, Ean13FindsEverySingleError) {
  test::Check(
      [] {
        CheckFindsEverySingleError(
            *rc::gen::container<std::string>(std::size_t{13}, rc::gen::inRange('0', static_cast<char>('9' + 1))),
            &HasEan13Digit);
      },
      5);
}

TEST(CheckDigits, LuhnFindsNeighboursInTheWrongOrderExceptNineAndZero) {
  test::Check(
      [] {
        auto number =
            *rc::gen::container<std::string>(std::size_t{12}, rc::gen::inRange('0', static_cast<char>('9' + 1)));
        for (number.back() = '0'; !HasLuhnDigit(number);) ++number.back();
        for (std::size_t at = 0; at + 1 < number.size(); ++at) {
          std::string swapped = number;
          std::swap(swapped[at], swapped[at + 1]);
          const bool zero_nine =
              number[at] != number[at + 1] && (number[at] - '0') % 9 == 0 && (number[at + 1] - '0') % 9 == 0;
          RC_ASSERT(HasLuhnDigit(swapped) == (swapped == number || zero_nine));
        }
      },
      5);
}

TEST(CardRange, HoldsItsEndsAndNothingElse) {
  const CardRange range{"0100", "0199", CheckDigit::kNone};
  for (const char* card : {"0100", "0150", "0199"}) EXPECT_TRUE(range.Contains(card)) << card;
  for (const char* card : {"0099", "0200", "100", "00150", "", "015A", "01 5", "-150"})
    EXPECT_FALSE(range.Contains(card)) << card;
  const CardRange luhn{"79927398700", "79927398799", CheckDigit::kLuhn};
  EXPECT_TRUE(luhn.Contains("79927398713"));
  EXPECT_FALSE(luhn.Contains("79927398714"));
  const CardRange ean{"4006381333000", "4006381333999", CheckDigit::kEan13};
  EXPECT_TRUE(ean.Contains("4006381333931"));
  EXPECT_FALSE(ean.Contains("4006381333930"));
}

TEST(CardRange, IsCheckedInTheOrderOfItsFields) {
  struct Row {
    CardRange range;
    const char* field;  // nullptr: valid
  };
  for (const Row& row : {
           Row{{"1", "1", CheckDigit::kNone}, nullptr},
           {{"4000000000000", "4999999999999", CheckDigit::kEan13}, nullptr},
           {{std::string(32, '1'), std::string(32, '2'), CheckDigit::kLuhn}, nullptr},
           {{"", "", CheckDigit::kNone}, "first"},
           {{"12a", "12", CheckDigit::kEan13}, "first"},
           {{std::string(33, '1'), "1", CheckDigit::kNone}, "first"},
           {{"100", "20", CheckDigit::kEan13}, "last"},
           {{"100", "2000", CheckDigit::kNone}, "last"},
           {{"100", "20a", CheckDigit::kNone}, "last"},
           {{"200", "100", CheckDigit::kEan13}, "last"},
           {{"100", "200", CheckDigit::kEan13}, "check_digit"},
       }) {
    const auto status = ValidateCardRange(row.range);
    ASSERT_EQ(status.has_value(), row.field == nullptr) << row.range.first;
    if (row.field != nullptr) {
      EXPECT_EQ(status.error().metadata.at("field"), row.field) << row.range.first;
    }
  }
}

}  // namespace
}  // namespace loyalty
