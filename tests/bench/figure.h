// One figure of PERFORMANCE: what it is, what it should be, what it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/interval.h"
#include "tests/bench/parts.h"

namespace loyalty::test {

// A row of the table. A ratio of two things that took turns in one run, never of two runs.
struct Figure {
  std::string id;              // P1
  std::string engine;          // sqlite, mysql; empty where there is none
  std::string what;            // "durable Scan, 64 callers / echo"
  double target = 0;           // of the ratio; 0: there is none
  bool at_most = false;        // the ratio should be at most the target, else at least
  std::vector<double> ratios;  // of the pairs, in the order of their running
  double value = 0;            // the measured side alone, median
  std::string unit;            // of value: scans/s
  std::string note;            // what else was seen, for people
  // Where the median lies; with it the target is reached when the better end of it is there.
  std::optional<Interval> interval = {};
  std::vector<Part> parts = {};  // what it is made of

  double ratio() const;  // the median
  double lowest() const;
  double highest() const;
  bool reached() const;
};

double Median(std::vector<double> values);

// [{"id":"P1","engine":"sqlite","ratio":..,"target":..,"value":..,"unit":..,"spread":[..,..],"interval":[..,..],"parts":[..]}];
// the last two where there are any.
std::string JsonOf(const std::vector<Figure>& figures);
// A table for a terminal, and one of the parts of each figure that has some.
std::string TableOf(const std::vector<Figure>& figures);
// The same for docs/BENCHMARKS.md.
std::string MarkdownOf(const std::vector<Figure>& figures);

}  // namespace loyalty::test
