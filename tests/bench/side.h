// Things that are compared: each does scans for a while, and they take turns.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/rows.h"

namespace loyalty::test {

struct Turn {
  double per_second = 0;
  double scans = 0;  // answered
  double p50_ms = 0, p99_ms = 0;
  // Of the server, where there is one: processor time for each scan, user and system, and the most memory it had.
  double server_us = 0, server_mb = 0;
  double seconds = 0;  // that something else took, a start for instance
};

struct Side {
  std::string name;
  std::function<Turn(double seconds)> run;  // throws when anything went wrong
};

struct Plan {
  int pairs = 5;
  double seconds = 20;                         // of a turn
  bool quick = false;                          // sizes that prove that it works
  int lanes = 0;                               // of the server; 0: its default
  std::optional<storage::Engine> engine = {};  // only this half of a measure that has two
  std::optional<int> sync_delay_us = {};       // a measure's own choice; else of the whole run
};

// Turns of P4 to P13 are so much shorter than those of P1 to P3, or all of them took two hours.
inline constexpr double kShorter = 2;

// A B B A A B ...: the turns of each side. Says on stderr what each came to.
std::vector<std::vector<Turn>> TakeTurns(const Plan& plan, const std::vector<Side>& sides);

// Median over turns of one member of Turn.
double MedianOf(const std::vector<Turn>& turns, double Turn::*member);
// a / b turn by turn.
std::vector<double> Ratios(const std::vector<Turn>& a, const std::vector<Turn>& b, double Turn::*member);

}  // namespace loyalty::test
