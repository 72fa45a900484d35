// Plain tables for people: columns as wide as their content, numbers to the right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace loyalty::client {

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Collects rows, then renders them all. Cells are made Printable; width is counted as the terminal shows it.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // As many cells as columns; checked.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // Lines ending in '\n'. With `bold` the titles are set bold by an ANSI sequence.
  std::string Render(bool bold) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Names with their values, one a line.
class FactSheet {
 public:
  // An empty value leaves the line out.
  void Add(std::string name, std::string value);
  std::string Render() const;

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

// True when stdout is a terminal that wants colour: not with NO_COLOR set (no-color.org) or TERM=dumb.
bool StdoutWantsColour();

// 1234567 -> "1,234,567".
std::string Grouped(std::int64_t number);

}  // namespace loyalty::client
