#include "retention/distribution.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

namespace loyalty::retention {
namespace {

// Degrees of freedom from which an expansion about the normal distribution is more accurate than a fraction.
constexpr double kNearlyNormal = 1e5;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double NormalDensity(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }

// What Stirling's formula misses of ln Gamma(x): Abramowitz and Stegun 6.1.41. Exact to 1e-16 for x >= 20.
double StirlingCorrection(double x) {
  const double square = 1 / (x * x);
  return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / x;
}

// Gamma(x + 1/2) / Gamma(x) without the difference of two large logarithms.
double GammaRatio(double x) {
  double factor = 1;
  for (; x < 20; x += 1) factor *= x / (x + 0.5);
  return factor * std::exp(x * std::log1p(0.5 / x) + 0.5 * std::log(x) - 0.5 + StirlingCorrection(x + 0.5) -
                           StirlingCorrection(x));
}

// The continued fraction of the incomplete beta function, Abramowitz and Stegun 26.5.8, by the method of Lentz. It
// converges in about sqrt(max(a, b)) steps for x < (a + 1) / (a + b + 2).
double BetaFraction(double a, double b, double x) {
  constexpr int kStepsMax = 1'000'000;
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kStepsMax; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= c * d;
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  return fraction;
}

// Student's distribution for many degrees of freedom, as a correction of the normal one. The next term is below 3 /
// df^3. Fisher 1925, "Expansion of Student's integral in powers of n^-1".
double NearlyNormalTwoSided(double t, double df) {
  const double square = t * t;
  const double first = t * (square + 1) / 4;
  const double second = t * (((3 * square - 7) * square - 5) * square - 3) / 96;
  return std::erfc(t * std::numbers::sqrt2 / 2) + 2 * NormalDensity(t) * (first + second / df) / df;
}

double StudentDensity(double t, double df) {
  return GammaRatio(df / 2) / std::sqrt(df * std::numbers::pi) * std::exp(-(df + 1) / 2 * std::log1p(t * t / df));
}

}  // namespace

double NormalCdf(double z) { return 0.5 * std::erfc(-z * std::numbers::sqrt2 / 2); }

double NormalQuantile(double p) {
  if (!(p > 0)) return -kInfinity;
  if (p >= 1) return kInfinity;
  if (p > 0.5) return -NormalQuantile(1 - p);
  // Abramowitz and Stegun 26.2.23, off by less than 4.5e-4, and then steps of Halley, each of which cubes the error.
  const double w = std::sqrt(-2 * std::log(p));
  double z = (2.515517 + w * (0.802853 + w * 0.010328)) / (1 + w * (1.432788 + w * (0.189269 + w * 0.001308))) - w;
  for (int step = 0; step < 3 && NormalDensity(z) > 0; ++step) {
    const double newton = (NormalCdf(z) - p) / NormalDensity(z);
    z -= newton / (1 + z * newton / 2);
  }
  return z;
}

double StudentTwoSided(double t, double df) {
  assert(df > 0);
  if (std::isinf(t)) return 0;
  if (df >= kNearlyNormal) return NearlyNormalTwoSided(std::abs(t), df);
  // The incomplete beta function I_x(df / 2, 1 / 2): Abramowitz and Stegun 26.7.1 with 26.5.2.
  const double x = df / (df + t * t);
  const double y = t * t / (df + t * t);
  if (y == 0) return 1;
  const double a = df / 2;
  const double front =
      GammaRatio(a) / std::sqrt(std::numbers::pi) * std::exp(-a * std::log1p(t * t / df)) * std::sqrt(y);
  if (x < (a + 1) / (a + 2.5)) return front / a * BetaFraction(a, 0.5, x);
  return 1 - front / 0.5 * BetaFraction(0.5, a, y);
}

double StudentTwoSidedQuantile(double p, double df) {
  assert(p > 0 && df >= 1);
  if (p >= 1) return 0;
  double low = 0;
  double high = 1;
  while (StudentTwoSided(high, df) > p) {
    low = high;
    high *= 2;
    if (std::isinf(high)) return kInfinity;
  }
  // Newton, held between what is known to be too low and too high.
  double t = (low + high) / 2;
  for (int step = 0; step < 200; ++step) {
    const double excess = StudentTwoSided(t, df) - p;
    (excess > 0 ? low : high) = t;
    double next = t + excess / (2 * StudentDensity(t, df));
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::abs(next - t) <= 1e-14 * t) return next;
    t = next;
  }
  return t;
}

double ChiSquareTail(double x, int df) {
  assert(df >= 1);
  if (!(x > 0)) return 1;
  // Finite sums of positive terms: Abramowitz and Stegun 26.4.4 and 26.4.5.
  const double half = x / 2;
  const bool odd = df % 2 == 1;
  double sum = odd ? std::erfc(std::sqrt(half)) : 0;
  // In logarithms, because exp(-x / 2) alone may vanish while a late term does not.
  double log_term = odd ? -half + 0.5 * std::log(half) - 0.5 * std::log(std::numbers::pi / 4) : -half;
  for (int j = odd ? 3 : 2; j <= df; j += 2) {
    sum += std::exp(log_term);
    log_term += std::log(x / j);
  }
  return sum;
}

}  // namespace loyalty::retention
