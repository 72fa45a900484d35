// How long members stay away between two purchases: the distribution of the gaps of all members.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "retention/summary.h"

namespace loyalty::retention {

// Gaps in days between purchase days that follow each other, counted; members in any order.
class Gaps {
 public:
  // Adds the gaps of one member, whose purchase days are in ascending order and all different.
  void Add(std::span<const Day> purchase_days);

  std::int64_t count() const { return count_; }

  // Days; nullopt without gaps.
  std::optional<double> Mean() const;

  // The gap in days that the share `p` (0 to 1) does not exceed, interpolated between neighbours: definition 7 of
  // Hyndman and Fan 1996, "Sample quantiles in statistical packages". nullopt without gaps.
  std::optional<double> Quantile(double p) const;

 private:
  std::int64_t At(std::int64_t index) const;  // of the sorted gaps

  std::map<std::int64_t, std::int64_t> counts_;
  std::int64_t count_ = 0;
  std::int64_t sum_ = 0;
};

}  // namespace loyalty::retention
