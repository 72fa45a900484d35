// What customers have spent on their repeat purchase days, as a fit reads it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "retention/summary.h"

namespace loyalty::retention {

// Repeat purchase days of one customer and what was spent on them together, the first day left out: the same x as in
// History. Money in any unit; everything that comes out is in the same.
struct Spend {
  std::int32_t repeats = 0;
  double amount = 0;  // x z

  friend bool operator==(const Spend&, const Spend&) = default;
};

// Of a member that has bought; `minor_per_unit`: minor units of money in a unit of what comes out.
Spend SpendOf(const MemberSummary& summary, double minor_per_unit);

// Customers who have bought again and spent something, in an order in which that of their coming has no part.
struct Spenders {
  // Those who have bought again equally often: [begin, end) of the amounts, ascending.
  struct Group {
    std::int32_t repeats;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Group> groups;  // ascending by repeats
  std::vector<double> amounts;
  std::int64_t left_out = 0;  // who have bought again, but spent nothing positive
};

// Every n-th of them, at most `spenders_max`.
Spenders Thin(const Spenders& spenders, std::size_t spenders_max);

// Takes customers one by one, 8 bytes each.
class SpendCollector {
 public:
  void Add(const Spend& spend);
  // Of what was added; the collector is empty afterwards. Memory: 8 bytes a customer more at most.
  Spenders Take();

 private:
  std::map<std::int32_t, std::deque<double>> amounts_;  // by repeats
  std::int64_t left_out_ = 0;
};

}  // namespace loyalty::retention
