#include "tests/fuzz/interesting.h"

#include <limits>
#include <string_view>

namespace loyalty::fuzz {
namespace {

using namespace std::string_view_literals;  // some of the texts below hold a NUL

constexpr std::int64_t kNumbers[] = {0,
                                     1,
                                     2,
                                     10,
                                     50,
                                     100,
                                     250,
                                     365,
                                     720,
                                     1'000,
                                     3'660,
                                     10'000,
                                     100'000,
                                     1'000'000,
                                     1'000'000'000,
                                     1'000'000'000'000,
                                     1'000'000'000'000'000,
                                     1'000'000'000'000'000'000,
                                     std::numeric_limits<std::int32_t>::max(),
                                     std::numeric_limits<std::uint32_t>::max(),
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};

constexpr std::int64_t kYearOne = -62'135'596'800;
constexpr std::int64_t kYear9999 = 253'402'300'799;

constexpr std::string_view kTexts[] = {""sv,
                                       " "sv,
                                       "0"sv,
                                       "-1"sv,
                                       "a\0b"sv,
                                       "\0"sv,
                                       "line\r\nbreak"sv,
                                       "\x1b[31m"sv,
                                       "\x7f"sv,
                                       "O'Neill \\ \" ; --"sv,
                                       "%s%n%x"sv,
                                       ":name ?1 $2 @x"sv,
                                       "\u202Egpj.exe"sv,        // bidi override
                                       "\u2066\u2069\u200F"sv,   // bidi isolates and mark
                                       "\uFEFF"sv,               // byte order mark
                                       "\u0085\u2028"sv,         // other line ends
                                       "Z\u0351\u034B\u0348"sv,  // combining marks
                                       "\U0001F469\u200D\U0001F680"sv,
                                       "\uFFFF"sv,
                                       "\xC0\x80"sv,          // NUL, overlong
                                       "\xE0\x80\xAF"sv,      // slash, overlong
                                       "\xED\xA0\x80"sv,      // half of a surrogate pair
                                       "\xF4\x90\x80\x80"sv,  // beyond Unicode
                                       "\xFF"sv,
                                       "2026-03-02"sv,
                                       "0000-00-00"sv,
                                       "9999-12-31"sv,
                                       "2026-02-30"sv,
                                       "-999-01-01"sv,
                                       "EUR"sv,
                                       "USD"sv,
                                       "JPY"sv,
                                       "XXX"sv,
                                       "Europe/Berlin"sv,
                                       "Asia/Kathmandu"sv,
                                       "../../../etc/passwd"sv,
                                       "localtime"sv,
                                       "de"sv,
                                       "de-AT"sv,
                                       "members/0000000000000000"sv,
                                       "members/ffffffffffffffff"sv,
                                       "stores/north"sv,
                                       "stores/south/terminals/t3"sv,
                                       "stores/../terminals/.."sv,
                                       "rewards/coffee"sv,
                                       "rewards/"sv,
                                       "tobacco"sv,
                                       "2600000001"sv,
                                       "4006381333931"sv,
                                       "+49301234567"sv,
                                       "a@b.example"sv,
                                       "00000000000000000000000000000000"sv};

}  // namespace

std::int64_t InterestingNumber(Chance& chance) {
  const std::int64_t number = chance.OneOf(kNumbers);
  // In unsigned arithmetic: what overflows wraps, which is as good.
  const auto bits = static_cast<std::uint64_t>(number) + chance.Below(3) - 1;
  return static_cast<std::int64_t>(chance.OneIn(3) ? 0 - bits : bits);
}

std::int64_t InterestingSeconds(Chance& chance, Instant now) {
  constexpr std::int64_t kAround[] = {0, 0, 0, 0, 1, 60, 300, 301, 3'600, 86'400, 3'455'999, 3'456'001, 31'536'000};
  constexpr std::int64_t kFixed[] = {0,
                                     -1,
                                     kYear9999,
                                     kYear9999 + 1,
                                     kYearOne,
                                     kYearOne - 1,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};
  if (chance.OneIn(4)) return chance.OneOf(kFixed);
  const std::int64_t distance = chance.OneOf(kAround);
  return now / kSecond + (chance.OneIn(3) ? distance : -distance);
}

std::string InterestingText(Chance& chance) {
  constexpr std::size_t kLengths[] = {39, 40, 41, 63, 64, 65, 100, 101, 128, 129, 200, 256, 512, 513, 1'200, 65'536};
  if (!chance.OneIn(8)) return std::string(chance.OneOf(kTexts));
  constexpr std::string_view kUnits[] = {"x", "7", "\u00FC", "\U0001F680", "'"};
  const std::string_view unit = chance.OneOf(kUnits);
  std::string text;
  for (const std::size_t length = chance.OneOf(kLengths); text.size() < length;) text += unit;
  return text;
}

}  // namespace loyalty::fuzz
