#include "domain/money.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/support/naive.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr Rounding kAllModes[] = {Rounding::kFloor, Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kCeiling};

TEST(MulDiv, RoundsAsNamed) {
  // amount / 10 in each mode
  struct Row {
    std::int64_t amount, floor, half_up, half_even, ceiling;
  };
  for (const Row& row : {Row{0, 0, 0, 0, 0},    {1, 0, 0, 0, 1},       {4, 0, 0, 0, 1},
                         {5, 0, 1, 0, 1},       {6, 0, 1, 1, 1},       {9, 0, 1, 1, 1},
                         {10, 1, 1, 1, 1},      {14, 1, 1, 1, 2},      {15, 1, 2, 2, 2},
                         {16, 1, 2, 2, 2},      {25, 2, 3, 2, 3},      {35, 3, 4, 4, 4},
                         {-1, -1, 0, 0, 0},     {-4, -1, 0, 0, 0},     {-5, -1, -1, 0, 0},
                         {-6, -1, -1, -1, 0},   {-10, -1, -1, -1, -1}, {-15, -2, -2, -2, -1},
                         {-25, -3, -3, -2, -2}, {-35, -4, -4, -4, -3}, {10500, 1050, 1050, 1050, 1050}}) {
    const std::int64_t expected[] = {row.floor, row.half_up, row.half_even, row.ceiling};
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(*MulDiv(row.amount, 1, 10, kAllModes[i]), expected[i]) << row.amount << " " << i;
  }
}

TEST(MulDiv, IsExactWhereTheProductNeeds128Bits) {
  EXPECT_EQ(*MulDiv(kMax, kMax, kMax, Rounding::kFloor), kMax);
  EXPECT_EQ(*MulDiv(kMin, kMax, kMax, Rounding::kCeiling), kMin);
  EXPECT_EQ(*MulDiv(kMoneyMax, 1'000'000'000, 1'000'000'001, Rounding::kFloor), 999'999'999'000'000);
}

TEST(MulDiv, RefusesWhatDoesNotFit) {
  EXPECT_EQ(MulDiv(kMax, 2, 1, Rounding::kFloor).error().reason, Reason::kOverflow);
  EXPECT_EQ(MulDiv(kMin, -1, 1, Rounding::kFloor).error().reason, Reason::kOverflow);
  EXPECT_EQ(MulDiv(kMin, 2, 1, Rounding::kFloor).error().reason, Reason::kOverflow);
  EXPECT_EQ(*MulDiv(kMin, 1, 1, Rounding::kFloor), kMin);
  // Here only the rounding goes too far.
  EXPECT_EQ(*MulDiv(8'680'820'740'569'200'760, 34, 32, Rounding::kFloor), kMax);
  for (const Rounding mode : {Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kCeiling})
    EXPECT_EQ(MulDiv(8'680'820'740'569'200'760, 34, 32, mode).error().reason, Reason::kOverflow);
  EXPECT_EQ(*MulDiv(-8'680'820'740'569'200'761, 34, 32, Rounding::kCeiling), kMin);
  EXPECT_EQ(MulDiv(-8'680'820'740'569'200'761, 34, 32, Rounding::kFloor).error().reason, Reason::kOverflow);
}

TEST(MulDiv, AgreesWithLongDivision) {
  test::Check(
      [] {
        const auto number =
            rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(-30, 30),
                           rc::gen::inRange<std::int64_t>(kMin, kMax),
                           rc::gen::elementOf(std::vector<std::int64_t>{kMin, kMin + 1, kMax - 1, kMax}));
        const auto a = *number;
        const auto b = *number;
        const auto c = *rc::gen::suchThat(number, [](std::int64_t value) { return value > 0; });
        for (const Rounding mode : kAllModes) {
          const auto expected = test::NaiveMulDiv(a, b, c, mode);
          const auto actual = MulDiv(a, b, c, mode);
          RC_ASSERT(actual.has_value() == expected.has_value());
          if (actual) {
            RC_ASSERT(*actual == *expected);
          } else {
            RC_ASSERT(actual.error().reason == Reason::kOverflow);
          }
        }
      },
      20);
}

TEST(CheckedAdd, RefusesWhatDoesNotFit) {
  EXPECT_EQ(*CheckedAdd(kMax - 1, 1), kMax);
  EXPECT_EQ(*CheckedAdd(kMin, kMax), -1);
  EXPECT_EQ(CheckedAdd(kMax, 1).error().reason, Reason::kOverflow);
  EXPECT_EQ(CheckedAdd(kMin, -1).error().reason, Reason::kOverflow);
}

TEST(CurrencyExponent, KnowsWhatIsInUse) {
  struct Row {
    const char* code;
    int exponent;
  };
  for (const Row& row :
       {Row{"EUR", 2}, {"USD", 2}, {"CHF", 2}, {"GBP", 2}, {"PLN", 2}, {"HUF", 2}, {"MRU", 2}, {"ZWL", 2}, {"AED", 2},
        {"CHW", 2},    {"HTG", 2}, {"JPY", 0}, {"ISK", 0}, {"KRW", 0}, {"CLP", 0}, {"BIF", 0}, {"XPF", 0}, {"VND", 0},
        {"KWD", 3},    {"BHD", 3}, {"TND", 3}, {"CLF", 4}, {"UYW", 4}, {"XCG", 2}, {"ZWG", 2}, {"XAD", 2}})
    EXPECT_EQ(CurrencyExponent(row.code), row.exponent) << row.code;
  for (const char* code : {"", "E", "EU", "EURO", "eur", "DEM", "XXX", "XTS", "XAU", "R U", "UR ", " EU", "EU ", "123"})
    EXPECT_EQ(CurrencyExponent(code), std::nullopt) << code;
  EXPECT_EQ(CurrencyExponent(std::string_view("EU\0", 3)), std::nullopt);
}

TEST(ParseDecimal, Table) {
  struct Row {
    const char* text;
    int digits;
    std::int64_t value;
  };
  for (const Row& row : {Row{"12.34", 2, 1234},
                         {"12.3", 2, 1230},
                         {"12", 2, 1200},
                         {"-12.34", 2, -1234},
                         {"+0.01", 2, 1},
                         {"-0.01", 2, -1},
                         {"-0", 2, 0},
                         {"007.50", 2, 750},
                         {".5", 2, 50},
                         {"5.", 2, 500},
                         {"12.3400", 2, 1234},
                         {"12.000", 0, 12},
                         {"1234", 0, 1234},
                         {"0.350", 3, 350},
                         {"1.2345", 4, 12345},
                         {"10000000000000", 2, kMoneyMax},
                         {"-1000000000000000", 0, -kMoneyMax}}) {
    const auto value = ParseDecimal(row.text, row.digits);
    ASSERT_TRUE(value) << row.text;
    EXPECT_EQ(*value, row.value) << row.text;
  }
  for (const char* text :
       {"", "-", "+", ".", "-.", "1,50", "1.2.3", "12.345", "1e3", " 1", "1 ", "--1", "+-1", "0x1", "١"})
    EXPECT_EQ(ParseDecimal(text, 2).error().reason, Reason::kInvalidArgument) << text;
  for (const char* text : {"10000000000000.01", "1000000000000000", "99999999999999999999999999"})
    EXPECT_EQ(ParseDecimal(text, 2).error().reason, Reason::kOverflow) << text;
}

TEST(FormatDecimal, Table) {
  EXPECT_EQ(FormatDecimal(1234, 2), "12.34");
  EXPECT_EQ(FormatDecimal(5, 2), "0.05");
  EXPECT_EQ(FormatDecimal(-5, 2), "-0.05");
  EXPECT_EQ(FormatDecimal(0, 2), "0.00");
  EXPECT_EQ(FormatDecimal(-1234, 0), "-1234");
  EXPECT_EQ(FormatDecimal(7, 4), "0.0007");
  EXPECT_EQ(FormatDecimal(kMin, 2), "-92233720368547758.08");
}

TEST(FormatDecimal, IsReadBackAsTheSameNumber) {
  test::Check(
      [] {
        const auto value = *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-kMoneyMax, kMoneyMax + 1),
                                           rc::gen::inRange<std::int64_t>(-2000, 2000));
        const int digits = *rc::gen::inRange(0, 5);
        const auto text = FormatDecimal(value, digits);
        const auto parsed = ParseDecimal(text, digits);
        RC_ASSERT(parsed.has_value());
        RC_ASSERT(*parsed == value);
        RC_ASSERT(*ParseDecimal(digits > 0 ? text + "00" : text + ".00", digits) == value);
      },
      30);
}

TEST(ParseDecimal, NeverTakesWhatItWouldNotWrite) {
  test::Check(
      [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0129.-+ e")));
        const auto value = ParseDecimal(text, 2);
        if (!value) return;
        // Whatever was read has the same digits before the point, apart from zeros in front.
        std::string plain = FormatDecimal(*value, 2);
        RC_ASSERT(*ParseDecimal(plain, 2) == *value);
        RC_ASSERT(text.find_first_of(" e") == std::string::npos);
        RC_ASSERT(text.find_last_of("+-") == std::string::npos || text.find_last_of("+-") == 0);
      },
      30);
}

}  // namespace
}  // namespace loyalty
