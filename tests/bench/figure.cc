#include "tests/bench/figure.h"

#include <fmt/format.h>

#include <algorithm>

namespace loyalty::test {
namespace {

std::string TargetOf(const Figure& figure) {
  return figure.target == 0 ? "" : fmt::format("{} {:g}", figure.at_most ? "<=" : ">=", figure.target);
}

const char* Verdict(const Figure& figure, const char* reached, const char* missed) {
  return figure.target == 0 ? "" : figure.reached() ? reached : missed;
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Figure::ratio() const { return Median(ratios); }
double Figure::lowest() const { return ratios.empty() ? 0 : *std::min_element(ratios.begin(), ratios.end()); }
double Figure::highest() const { return ratios.empty() ? 0 : *std::max_element(ratios.begin(), ratios.end()); }

std::string JsonOf(const std::vector<Figure>& figures) {
  std::string text = "[";
  for (const Figure& figure : figures)
    text += fmt::format(
        R"({}{{"id":"{}","engine":"{}","what":"{}","ratio":{:.4g},"target":{:g},"at_most":{},"reached":{},"value":{:.6g},)"
        R"("unit":"{}","spread":[{:.4g},{:.4g}]}})",
        text.size() > 1 ? ",\n " : "", figure.id, figure.engine, figure.what, figure.ratio(), figure.target,
        figure.at_most, figure.reached(), figure.value, figure.unit, figure.lowest(), figure.highest());
  return text + "]\n";
}

std::string TableOf(const std::vector<Figure>& figures) {
  std::string text = fmt::format("{:4} {:7} {:52} {:>7} {:>15} {:>9} {:>7} {}\n", "", "engine", "what", "ratio",
                                 "spread", "target", "", "measured");
  for (const Figure& figure : figures)
    text += fmt::format("{:4} {:7} {:52} {:>7.3g} {:>15} {:>9} {:>7} {:.4g} {}{}\n", figure.id, figure.engine,
                        figure.what, figure.ratio(), fmt::format("{:.3g}-{:.3g}", figure.lowest(), figure.highest()),
                        TargetOf(figure), Verdict(figure, "ok", "SHORT"), figure.value, figure.unit,
                        figure.note.empty() ? "" : "; " + figure.note);
  return text;
}

std::string MarkdownOf(const std::vector<Figure>& figures) {
  std::string text =
      "| # | engine | what | ratio | spread | target | | measured |\n|---|---|---|---|---|---|---|---|\n";
  for (const Figure& figure : figures)
    text += fmt::format("| {} | {} | {} | {:.3g} | {:.3g}-{:.3g} | {} | {} | {:.4g} {}{} |\n", figure.id, figure.engine,
                        figure.what, figure.ratio(), figure.lowest(), figure.highest(), TargetOf(figure),
                        Verdict(figure, "reached", "short"), figure.value, figure.unit,
                        figure.note.empty() ? "" : "; " + figure.note);
  return text;
}

}  // namespace loyalty::test
