// What was compared with what, as a table for people and an exit status for programs.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace loyalty::reference {

class Report {
 public:
  // Prints a headline.
  void Section(std::string_view title);

  // Each prints one line (quantity, expected, got, ok). NaN on one side only is a difference.
  void Exact(std::string_view quantity, double expected, double got);
  void Relative(std::string_view quantity, double expected, double got, double relative);
  void Absolute(std::string_view quantity, double expected, double got, double absolute);
  // Equal in the decimals to which `expected` was rounded.
  void Decimals(std::string_view quantity, double expected, double got, int decimals);
  // `ok` as the caller finds.
  void Verdict(std::string_view quantity, double expected, double got, bool ok);
  void Same(std::string_view quantity, std::string_view expected, std::string_view got);

  // One line at the end; true when everything was equal and something was compared.
  bool Summarise() const;

 private:
  void Line(std::string_view quantity, std::string_view expected, std::string_view got, bool ok);

  int compared_ = 0;
  int different_ = 0;
};

// A quantity of many customers, of which a report shows the worst.
class Column {
 public:
  // Differences of less than `negligible` are none, whatever the size of what is expected.
  Column(std::string quantity, double relative, double negligible = 0)
      : quantity_(std::move(quantity)), relative_(relative), negligible_(negligible) {}

  void Add(std::string_view customer, double expected, double got);
  void ReportTo(Report& report) const;

 private:
  std::string quantity_;
  double relative_;
  double negligible_;
  int customers_ = 0;
  int different_ = 0;
  double worst_ = -1;
  double worst_expected_ = 0;
  double worst_got_ = 0;
  std::string worst_customer_;
};

}  // namespace loyalty::reference
