// How many more of the treated members bought than of the control group: differences of two shares.
#pragma once

#include <cstdint>
#include <optional>

namespace loyalty::retention {

// One arm of an experiment, by intention to treat: all who were assigned, whether they were reached or not.
// 0 <= buyers <= members.
struct RateArm {
  std::int64_t members = 0;
  std::int64_t buyers = 0;

  double Rate() const { return members == 0 ? 0 : static_cast<double>(buyers) / static_cast<double>(members); }
};

struct Interval {
  double low = 0;
  double high = 0;

  bool Holds(double value) const { return low <= value && value <= high; }
};

// The score interval of one share at the level 1 - alpha: Wilson 1927. [0, 1] for an empty arm.
Interval WilsonInterval(const RateArm& arm, double alpha);

// The interval of treated.Rate() - control.Rate() at the level 1 - alpha, the hybrid score interval: Newcombe 1998,
// "Interval estimation for the difference between independent proportions", method 10. [-1, 1] when an arm is empty.
Interval NewcombeInterval(const RateArm& treated, const RateArm& control, double alpha);

// Rate of the treated / rate of the control group - 1: 0.2 is 20 % more buyers.
struct RelativeLift {
  double lift = 0;
  Interval interval;
};

// The relative lift with its log-ratio interval at the level 1 - alpha: Katz et al. 1978. nullopt when an arm has no
// buyers: there is no ratio then.
std::optional<RelativeLift> MeasureRelativeLift(const RateArm& treated, const RateArm& control, double alpha);

// Two-sided p value of the pooled two-proportion z test without correction for continuity. 1 when an arm is empty, when
// nobody bought or when all did.
double TwoProportionP(const RateArm& treated, const RateArm& control);

}  // namespace loyalty::retention
