#include "clients/retention/figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace loyalty::client {

std::string Fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "unknown";
  std::array<char, 512> digits{};  // the largest double has 309 of them
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
  std::string text(digits.data(), end.ptr);
  const bool is_zero = text.find_first_not_of("-0.") == std::string::npos;
  return is_zero && text.front() == '-' ? text.substr(1) : text;
}

std::string Fixed(const std::optional<double>& value, int decimals) { return value ? Fixed(*value, decimals) : "-"; }

std::string Signed(double value, int decimals) {
  const std::string text = Fixed(value, decimals);
  return value > 0 ? "+" + text : text;
}

std::string Percent(double share, int decimals) { return Fixed(100 * share, decimals) + " %"; }

std::string LimitText(double share) { return Percent(share, std::lround(10'000 * share) % 100 == 0 ? 0 : 2); }

std::string MoneyFigure(double minor, int digits) { return Signed(minor / std::pow(10, digits), digits + 2); }

std::string Bar(double value, double most, std::size_t width) {
  if (!(value > 0) || !(most > 0)) return {};
  const auto marks = static_cast<std::size_t>(static_cast<double>(width) * std::min(1.0, value / most) + 0.5);
  return std::string(std::max<std::size_t>(1, marks), '#');
}

}  // namespace loyalty::client
