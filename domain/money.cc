#include "domain/money.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "domain/check.h"

namespace loyalty {
namespace {

using Wide = __int128;

Error Overflow() { return Error{Reason::kOverflow, "number too large", {}}; }

struct CurrencyGroup {
  int exponent;
  std::string_view codes;  // separated by blanks
};

// ISO 4217 list one, codes of money (no metals, no test codes), by number of minor-unit digits. Codes withdrawn since
// 2022 stay: old receipts may carry them.
constexpr std::array<CurrencyGroup, 4> kCurrencies{{
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {2,
     "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
     "CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK "
     "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
     "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
     "SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG "
     "YER "
     "ZAR ZMW ZWG ZWL"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
}};

}  // namespace

Result<std::int64_t> MulDiv(std::int64_t amount, std::int64_t numerator, std::int64_t denominator, Rounding mode) {
  Check(denominator > 0, "a denominator is above zero");
  const Wide product = static_cast<Wide>(amount) * numerator;
  Wide quotient = product / denominator;
  Wide remainder = product % denominator;
  if (remainder < 0) {  // make the quotient the floor and the remainder positive
    remainder += denominator;
    quotient -= 1;
  }
  const Wide twice = remainder * 2;
  bool up = false;
  switch (mode) {
    case Rounding::kFloor: break;
    case Rounding::kCeiling: up = remainder > 0; break;
    case Rounding::kHalfUp: up = twice > denominator || (twice == denominator && product > 0); break;
    case Rounding::kHalfEven: up = twice > denominator || (twice == denominator && quotient % 2 != 0); break;
  }
  if (up) quotient += 1;
  if (quotient > std::numeric_limits<std::int64_t>::max() || quotient < std::numeric_limits<std::int64_t>::min())
    return Overflow();
  return static_cast<std::int64_t>(quotient);
}

Result<std::int64_t> CheckedAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return Overflow();
  return sum;
}

std::vector<std::int64_t> SpreadByLargestRemainder(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> shares(weights.size());
  if (amount == 0) return shares;
  const std::int64_t total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  Check(total > 0, "what is spread has a weight to lie on");
  std::vector<std::int64_t> remainders(weights.size());
  std::int64_t spread = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = static_cast<Wide>(amount) * weights[i];
    shares[i] = static_cast<std::int64_t>(product / total);
    remainders[i] = static_cast<std::int64_t>(product % total);
    spread += shares[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&remainders](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; spread < amount; ++i, ++spread) ++shares[order[i]];
  return shares;
}

std::optional<int> CurrencyExponent(std::string_view code) {
  if (code.size() != 3 || code.find(' ') != std::string_view::npos) return std::nullopt;
  for (const auto& group : kCurrencies)
    if (group.codes.find(code) != std::string_view::npos) return group.exponent;
  return std::nullopt;
}

Result<std::int64_t> ParseDecimal(std::string_view text, int digits) {
  const Error bad{
      Reason::kInvalidArgument,
      "not a decimal number with up to " + std::to_string(digits) + " decimals: '" + std::string(text) + "'",
      {}};
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);
  std::int64_t value = 0;
  int decimals = -1;  // -1: before the point
  bool any = false;
  for (const char c : rest) {
    if (c == '.') {
      if (decimals >= 0) return bad;
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return bad;
    any = true;
    if (decimals >= digits) {
      if (c != '0') return bad;
      continue;
    }
    if (decimals >= 0) ++decimals;
    value = value * 10 + (c - '0');
    if (value > kMoneyMax) return Overflow();
  }
  if (!any) return bad;
  for (int i = decimals < 0 ? 0 : decimals; i < digits; ++i) {
    value *= 10;
    if (value > kMoneyMax) return Overflow();
  }
  return negative ? -value : value;
}

std::string FormatDecimal(std::int64_t value, int digits) {
  // Through the unsigned type, so that the most negative number has a magnitude too.
  const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string text = std::to_string(magnitude);
  if (digits > 0) {
    if (text.size() <= static_cast<std::size_t>(digits))
      text.insert(0, static_cast<std::size_t>(digits) + 1 - text.size(), '0');
    text.insert(text.size() - static_cast<std::size_t>(digits), ".");
  }
  return value < 0 ? "-" + text : text;
}

}  // namespace loyalty
