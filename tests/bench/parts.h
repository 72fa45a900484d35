// What one sale costs, table by table.
#pragma once

#include <string>
#include <vector>

namespace loyalty::test {

// One sale's share of a table, of an index, or of what belongs to neither.
struct Part {
  std::string name;
  double inserted = 0, updated = 0;  // rows
  double pages = 0;                  // written to the log
  double bytes = 0;                  // kept in the file
  double write_us = 0, read_us = 0;  // in its statements; of what is no table, all of its time
};

// [{"name":"receipts","inserted":1,"updated":0,"pages":1.2,"bytes":300,"write_us":5.1,"read_us":0}]
std::string JsonOfParts(const std::vector<Part>& parts);
// Tables for a terminal and for docs/BENCHMARKS.md, with the sums.
std::string TableOfParts(const std::vector<Part>& parts);
std::string MarkdownOfParts(const std::vector<Part>& parts);

}  // namespace loyalty::test
