#include "retention/distribution.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "retention/check.h"
#include "retention/math_policy.h"

namespace loyalty::retention {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Normal = boost::math::normal_distribution<double, MathPolicy>;
using Student = boost::math::students_t_distribution<double, MathPolicy>;
using ChiSquare = boost::math::chi_squared_distribution<double, MathPolicy>;

}  // namespace

double NormalCdf(double z) { return 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2); }

double NormalQuantile(double p) {
  if (!(p > 0)) return -kInfinity;
  if (p >= 1) return kInfinity;
  if (p > 0.5) return -NormalQuantile(1 - p);
  return boost::math::quantile(Normal(), p);
}

double StudentTwoSided(double t, double df) {
  Check(df > 0, "there are degrees of freedom");
  if (std::isinf(t)) return 0;
  // Near the middle Boost takes the complement of an arc sine near its end, which costs two digits.
  if (std::abs(t) < 1) return 1 - boost::math::ibeta(0.5, df / 2, t * t / (df + t * t), MathPolicy());
  return 2 * boost::math::cdf(boost::math::complement(Student(df), std::abs(t)));
}

double StudentTwoSidedQuantile(double p, double df) {
  Check(p > 0 && df >= 1, "a share and degrees of freedom are above zero");
  if (p >= 1) return 0;
  return boost::math::quantile(boost::math::complement(Student(df), p / 2));
}

double ChiSquareTail(double x, int df) {
  Check(df >= 1, "there are degrees of freedom");
  if (!(x > 0)) return 1;
  if (std::isinf(x)) return 0;
  return boost::math::cdf(boost::math::complement(ChiSquare(df), x));
}

}  // namespace loyalty::retention
