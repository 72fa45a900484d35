#include "tests/bench/figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "domain/json_writer.h"

namespace loyalty::test {
namespace {

std::string TargetOf(const Figure& figure) {
  return figure.target == 0 ? "" : fmt::format("{} {:g}", figure.at_most ? "<=" : ">=", figure.target);
}

const char* Verdict(const Figure& figure, const char* reached, const char* missed) {
  return figure.target == 0 ? "" : figure.reached() ? reached : missed;
}

std::string MeasuredOf(const Figure& figure) {
  std::string text = fmt::format("{:.4g} {}", figure.value, figure.unit);
  if (figure.interval)
    text += fmt::format("; median within {:.3g}-{:.3g} (90 %)", figure.interval->low, figure.interval->high);
  return figure.note.empty() ? text : text + "; " + figure.note;
}

void WriteRange(std::string_view name, double low, double high, JsonWriter& json) {
  json.Name(name).BeginList();
  json.Value(low);
  json.Value(high);
  json.End();
}

void WriteFigure(const Figure& figure, JsonWriter& json) {
  json.BeginObject(JsonLayout::kInline);
  json.Add("id", figure.id).Add("engine", figure.engine).Add("what", figure.what);
  json.Add("ratio", figure.ratio()).Add("target", figure.target).Add("at_most", figure.at_most);
  json.Add("reached", figure.reached()).Add("value", figure.value).Add("unit", figure.unit);
  WriteRange("spread", figure.lowest(), figure.highest(), json);
  if (figure.interval) WriteRange("interval", figure.interval->low, figure.interval->high, json);
  if (!figure.parts.empty()) WriteParts("parts", figure.parts, json);
  json.End();
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

bool Figure::reached() const {
  if (at_most) return (interval ? interval->low : ratio()) <= target;
  return (interval ? interval->high : ratio()) >= target;
}

std::string JsonOf(const std::vector<Figure>& figures) {
  JsonWriter json;
  json.BeginList();
  for (const Figure& figure : figures) WriteFigure(figure, json);
  json.End();
  return json.TakeLine();
}

std::string TableOf(const std::vector<Figure>& figures) {
  std::string text = fmt::format("{:5} {:7} {:52} {:>7} {:>15} {:>9} {:>7} {}\n", "", "engine", "what", "ratio",
                                 "spread", "target", "", "measured");
  for (const Figure& figure : figures)
    text += fmt::format("{:5} {:7} {:52} {:>7.3g} {:>15} {:>9} {:>7} {}\n", figure.id, figure.engine, figure.what,
                        figure.ratio(), fmt::format("{:.3g}-{:.3g}", figure.lowest(), figure.highest()),
                        TargetOf(figure), Verdict(figure, "ok", "SHORT"), MeasuredOf(figure));
  for (const Figure& figure : figures)
    if (!figure.parts.empty()) text += "\n" + figure.id + " " + figure.what + ":\n" + TableOfParts(figure.parts);
  return text;
}

std::string MarkdownOf(const std::vector<Figure>& figures) {
  std::string text =
      "| # | engine | what | ratio | spread | target | | measured |\n|---|---|---|---|---|---|---|---|\n";
  for (const Figure& figure : figures)
    text += fmt::format("| {} | {} | {} | {:.3g} | {:.3g}-{:.3g} | {} | {} | {} |\n", figure.id, figure.engine,
                        figure.what, figure.ratio(), figure.lowest(), figure.highest(), TargetOf(figure),
                        Verdict(figure, "reached", "short"), MeasuredOf(figure));
  for (const Figure& figure : figures)
    if (!figure.parts.empty())
      text += fmt::format("\n## What a sale costs by part ({})\n\n{}", figure.engine, MarkdownOfParts(figure.parts));
  return text;
}

}  // namespace loyalty::test
