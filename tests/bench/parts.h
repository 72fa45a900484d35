// What one sale costs, table by table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/json_writer.h"

namespace loyalty::test {

// One sale's share of a table, of an index, or of what belongs to neither.
struct Part {
  std::string name;
  double inserted = 0, updated = 0;  // rows
  double pages = 0;                  // written to the log
  double bytes = 0;                  // kept in the file
  double write_us = 0, read_us = 0;  // in its statements; of what is no table, all of its time
};

// A member of an object: [{"name": "receipts", "inserted": 1, ...}]
void WriteParts(std::string_view name, const std::vector<Part>& parts, JsonWriter& json);
// Tables for a terminal and for docs/BENCHMARKS.md, with the sums.
std::string TableOfParts(const std::vector<Part>& parts);
std::string MarkdownOfParts(const std::vector<Part>& parts);

}  // namespace loyalty::test
