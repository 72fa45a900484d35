#include "tests/bench/parts.h"

#include <fmt/format.h>

#include <cmath>

namespace loyalty::test {
namespace {

std::vector<Part> WithSums(std::vector<Part> parts) {
  Part sum{.name = "all"};
  for (const Part& part : parts) {
    sum.inserted += part.inserted;
    sum.updated += part.updated;
    sum.pages += part.pages;
    sum.bytes += part.bytes;
    sum.write_us += part.write_us;
    sum.read_us += part.read_us;
  }
  parts.push_back(std::move(sum));
  return parts;
}

// Empty for what would read as nothing, so that what there is stands out.
std::string Number(double value, int digits) {
  return value < std::pow(0.1, digits) / 2 ? "" : fmt::format("{:.{}f}", value, digits);
}

// The lines of a table, each by `line(name, six columns)`.
template <typename Line>
std::string LinesOf(const std::vector<Part>& parts, Line line) {
  std::string text;
  for (const Part& part : WithSums(parts))
    text += line(part.name, Number(part.inserted, 2), Number(part.updated, 2), Number(part.pages, 2),
                 Number(part.bytes, 0), Number(part.write_us, 1), Number(part.read_us, 1));
  return text;
}

}  // namespace

void WriteParts(std::string_view name, const std::vector<Part>& parts, JsonWriter& json) {
  json.Name(name).BeginList();
  for (const Part& part : parts) {
    json.BeginObject();
    json.Add("name", part.name).Add("inserted", part.inserted).Add("updated", part.updated).Add("pages", part.pages);
    json.Add("bytes", part.bytes).Add("write_us", part.write_us).Add("read_us", part.read_us);
    json.End();
  }
  json.End();
}

std::string TableOfParts(const std::vector<Part>& parts) {
  const auto line = [](const auto&... columns) {
    return fmt::format("  {:32} {:>8} {:>8} {:>8} {:>8} {:>9} {:>9}\n", columns...);
  };
  return line("a sale", "inserted", "updated", "pages", "bytes", "writes us", "reads us") + LinesOf(parts, line);
}

std::string MarkdownOfParts(const std::vector<Part>& parts) {
  const auto line = [](const auto&... columns) {
    return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", columns...);
  };
  return line("a sale", "rows inserted", "rows updated", "pages", "bytes kept", "us of writes", "us of reads") +
         "|---|---|---|---|---|---|---|\n" + LinesOf(parts, line);
}

}  // namespace loyalty::test
