// When the data is too thin for a model, and why.
#pragma once

#include <cstdint>
#include <string_view>

#include "retention/collapse.h"

namespace loyalty::retention {

// What a fit needs. The defaults are a rule of thumb: with less, standard errors say nearly nothing.
struct MinimumData {
  std::int64_t customers = 500;
  std::int64_t repeats = 100;  // repeat purchases of all of them
  double cycles = 2;           // longest history in median cycles
};

enum class Shortage : std::uint8_t {
  kNone,
  kCustomers,  // fewer customers than the minimum
  kRepeats,    // fewer repeat purchases than the minimum
  kHistory,    // nobody is known for as many median cycles as the minimum
};

// The first of these that applies, in the order above.
Shortage CheckData(const CollapsedRows& rows, const MinimumData& minimum);

// The median over customers with repeat purchases of their mean gap, in days; 0 when there is none.
double MedianCycleDays(const CollapsedRows& rows);

// For people: one sentence without a full stop.
std::string_view Describe(Shortage shortage);

}  // namespace loyalty::retention
