// The distributions behind the tests and intervals of this folder, but for the first by Boost.Math: names, arguments
// and edges as the formulas here want them. Errors are below 1e-12 of the value.
#pragma once

namespace loyalty::retention {

// P(Z <= z) of the standard normal distribution, by erfc: also accurate far in the tails.
double NormalCdf(double z);

// The z with NormalCdf(z) = p. Infinite for p <= 0 and p >= 1.
double NormalQuantile(double p);

// P(|T| > |t|) of Student's distribution with `df` > 0 degrees of freedom, whole or not.
double StudentTwoSided(double t, double df);

// The t >= 0 with StudentTwoSided(t, df) = p, for 0 < p <= 1 and df >= 1.
double StudentTwoSidedQuantile(double p, double df);

// P(X > x) of the chi-square distribution with `df` >= 1 degrees of freedom; 1 for x <= 0.
double ChiSquareTail(double x, int df);

}  // namespace loyalty::retention
