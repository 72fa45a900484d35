#include "tests/reference/report.h"

#include <fmt/format.h>

#include <cmath>

namespace loyalty::reference {
namespace {

// 0 for equal, NaN on both sides too; infinite for NaN on one.
double RelativeDifference(double expected, double got) {
  if (expected == got || (std::isnan(expected) && std::isnan(got))) return 0;
  const double difference = std::abs(got - expected) / std::abs(expected);
  return std::isnan(difference) ? HUGE_VAL : difference;
}

std::string Show(double value) { return fmt::format("{:.10g}", value); }

}  // namespace

void Report::Section(std::string_view title) {
  fmt::print("\n{}\n{:<58} {:>18} {:>18}  {}\n", title, "quantity", "expected", "got", "ok");
}

void Report::Line(std::string_view quantity, std::string_view expected, std::string_view got, bool ok) {
  ++compared_;
  if (!ok) ++different_;
  fmt::print("{:<58} {:>18} {:>18}  {}\n", quantity, expected, got, ok ? "ok" : "DIFFERENT");
}

void Report::Exact(std::string_view quantity, double expected, double got) {
  Line(quantity, Show(expected), Show(got), RelativeDifference(expected, got) == 0);
}

void Report::Relative(std::string_view quantity, double expected, double got, double relative) {
  Line(quantity, Show(expected), Show(got), RelativeDifference(expected, got) <= relative);
}

void Report::Absolute(std::string_view quantity, double expected, double got, double absolute) {
  Line(quantity, Show(expected), Show(got), std::abs(got - expected) <= absolute);
}

void Report::Decimals(std::string_view quantity, double expected, double got, int decimals) {
  // A little more than half a unit: what was rounded may have been right on the edge.
  Line(quantity, Show(expected), fmt::format("{:.{}f}", got, decimals),
       std::abs(got - expected) <= 0.50001 * std::pow(10, -decimals));
}

void Report::Verdict(std::string_view quantity, double expected, double got, bool ok) {
  Line(quantity, Show(expected), Show(got), ok);
}

void Report::Same(std::string_view quantity, std::string_view expected, std::string_view got) {
  Line(quantity, expected, got, expected == got);
}

bool Report::Summarise() const {
  fmt::print("\n{} quantities compared, {} different\n", compared_, different_);
  return compared_ > 0 && different_ == 0;
}

void Column::Add(std::string_view customer, double expected, double got) {
  ++customers_;
  const double difference = std::abs(got - expected) < negligible_ ? 0 : RelativeDifference(expected, got);
  if (!(difference <= relative_)) ++different_;
  if (difference <= worst_) return;
  worst_ = difference;
  worst_expected_ = expected;
  worst_got_ = got;
  worst_customer_ = customer;
}

void Column::ReportTo(Report& report) const {
  const std::string name = different_ == 0
                               ? fmt::format("{} of {} customers, worst {:.0e}", quantity_, customers_, worst_)
                               : fmt::format("{} of {} customers, {} differ", quantity_, customers_, different_);
  report.Verdict(fmt::format("{} ({})", name, worst_customer_), worst_expected_, worst_got_, different_ == 0);
}

}  // namespace loyalty::reference
