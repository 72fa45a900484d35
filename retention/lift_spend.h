// How much more the treated members spent than the control group: differences of two means.
#pragma once

#include <cstdint>
#include <optional>

#include "retention/lift_rate.h"

namespace loyalty::retention {

// Sums of what the members of one arm spent, in minor units. Whole numbers, so that any order ends in the same bits.
class SpendSums {
 public:
  // Sums of products of this many members stay below 2^126.
  static constexpr std::int64_t kSpendMax = std::int64_t{1} << 48;
  static constexpr std::int64_t kMembersMax = std::int64_t{1} << 28;

  // Adds one member: what it spent before the experiment and during it, 0 for nothing. Amounts beyond kSpendMax of
  // either sign count as that. At most kMembersMax members.
  void Add(std::int64_t before_minor, std::int64_t during_minor);

  std::int64_t members() const { return members_; }
  double MeanBefore() const;  // 0 without members
  double MeanDuring() const;

  // Sums of (x - mean x)(y - mean y) over the members.
  double SquaresBefore() const;
  double SquaresDuring() const;
  double Products() const;

 private:
  std::int64_t members_ = 0;
  __int128 before_ = 0;
  __int128 during_ = 0;
  __int128 before_squared_ = 0;
  __int128 during_squared_ = 0;
  __int128 product_ = 0;
};

// Treated less control, in minor units per member.
struct SpendDifference {
  double difference = 0;
  Interval interval;   // at the level 1 - alpha
  double p_value = 1;  // two-sided
  double degrees_of_freedom = 0;
};

// Welch's test of the spend during the experiment, for unequal variances: Welch 1947, degrees of freedom of
// Satterthwaite 1946. nullopt with fewer than two members in an arm. Where nobody's spend varies the interval is a
// point, and p is 1 or 0.
std::optional<SpendDifference> WelchTest(const SpendSums& treated, const SpendSums& control, double alpha);

struct CupedDifference {
  SpendDifference spend;
  double theta = 0;               // how much of the spend before is taken off the spend during
  double variance_reduction = 0;  // 1 - variance of the difference with CUPED / without
};

// The same after the part of the spend is taken off that the spend before the experiment foretells, with one theta for
// both arms (their pooled covariance / variance): Deng, Xu, Kohavi and Walker 2013, equation 4. The spend before must
// end before the assignment. nullopt as for WelchTest and when the spend before does not vary.
std::optional<CupedDifference> CupedTest(const SpendSums& treated, const SpendSums& control, double alpha);

}  // namespace loyalty::retention
