// Figures as reports show them to people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace loyalty::client {

// 0.5 -> "0.500" for three decimals; "unknown" when it is not finite.
std::string Fixed(double value, int decimals);
std::string Fixed(const std::optional<double>& value, int decimals);  // "-" without a value

// 1.25 -> "+1.25".
std::string Signed(double value, int decimals);

// A share of 1: 0.123 -> "12.3 %".
std::string Percent(double share, int decimals);
// A limit of a catalogue, which is whole hundredths of a percent: 0.05 -> "5 %", 0.0525 -> "5.25 %".
std::string LimitText(double share);

// A difference of money that is not whole, given in minor units: signed, with `digits` decimals and two more.
std::string MoneyFigure(double minor, int digits);

// Marks in proportion to `value` / `most`, at most `width`; whatever is above 0 gets one.
std::string Bar(double value, double most, std::size_t width);

}  // namespace loyalty::client
