#include "retention/special.h"

#include <boost/math/special_functions/digamma.hpp>
#include <cmath>

#include "retention/math_policy.h"

namespace loyalty::retention {
namespace {

constexpr double kAsymptoticFrom = 12;  // where the series below has reached 1e-16

// ln G(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2): Stirling's series (Abramowitz, Stegun 6.1.41).
double StirlingRest(double x) {
  const double y = 1 / (x * x);
  return (1.0 / 12 -
          y * (1.0 / 360 -
               y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * (691.0 / 360360 - y * (1.0 / 156))))))) /
         x;
}

}  // namespace

double LogGamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double LogGammaRatio(double x, double q) {
  if (x < kAsymptoticFrom) return LogGamma(x + q) - LogGamma(x);
  return (x - 0.5) * std::log1p(q / x) + q * std::log(x + q) - q + (StirlingRest(x + q) - StirlingRest(x));
}

double Digamma(double x) { return boost::math::digamma(x, MathPolicy()); }

double LogNegativeBinomialHead(int m, double size, double odds) {
  const double z = odds / (1 + odds);
  double term = 1;
  double sum = 0;  // of the terms after the first
  for (int i = 0; i + 1 < m; ++i) {
    term *= (size + i) * z / (i + 1);
    sum += term;
  }
  return std::log1p(sum) - size * std::log1p(odds);
}

double NegativeBinomialTail(int m, double size, double odds) {
  constexpr double kOneByCancellation = 1e-3;  // above: 1 - P(N < m) keeps 13 digits
  constexpr int kTermsMax = 20'000;            // so many only where odds > 500, and then the tail is not small
  const double complement = -std::expm1(LogNegativeBinomialHead(m, size, odds));
  if (m == 1 || complement > kOneByCancellation || odds > kTermsMax / 40.0) return complement > 0 ? complement : 0;
  const double z = odds / (1 + odds);
  double term = std::exp(-size * std::log1p(odds));
  for (int i = 0; i < m; ++i) term *= (size + i) * z / (i + 1);
  double sum = term;
  for (int i = m; i < kTermsMax && term > 1e-17 * sum; ++i) {
    term *= (size + i) * z / (i + 1);
    sum += term;
  }
  return sum;
}

}  // namespace loyalty::retention
