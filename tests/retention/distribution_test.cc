#include "retention/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace loyalty::retention {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = std::numbers::pi;

TEST(Normal, TableValues) {
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(NormalQuantile(0.8), 0.8416212335729143, 1e-14);
  EXPECT_NEAR(NormalQuantile(1e-10), -6.361340902404056, 1e-12);
  EXPECT_NEAR(NormalCdf(1), 0.8413447460685429, 1e-15);
  EXPECT_EQ(NormalQuantile(0), -kInfinity);
  EXPECT_EQ(NormalQuantile(1), kInfinity);
}

TEST(Normal, QuantileUndoesTheDistribution) {
  for (double p = 1e-300; p < 0.5; p *= 1.7) {
    EXPECT_NEAR(NormalCdf(NormalQuantile(p)) / p, 1, 1e-10) << p;
    EXPECT_EQ(NormalQuantile(1 - p), -NormalQuantile(1 - (1 - p))) << p;
  }
}

TEST(Student, ClosedForms) {
  for (const double t : {0.001, 0.3, 1.0, 2.0, 5.0, 40.0, 1e4}) {
    EXPECT_NEAR(StudentTwoSided(t, 1), 1 - 2 / kPi * std::atan(t), 1e-14) << t;
    EXPECT_NEAR(StudentTwoSided(t, 2), 1 - t / std::sqrt(2 + t * t), 1e-14) << t;
    const double angle = std::atan(t / std::sqrt(3));
    EXPECT_NEAR(StudentTwoSided(t, 3), 1 - 2 / kPi * (angle + std::sin(angle) * std::cos(angle)), 1e-14) << t;
    const double ratio = t / std::sqrt(4 + t * t);
    EXPECT_NEAR(StudentTwoSided(t, 4), 1 - ratio * (1 + 2 / (4 + t * t)), 1e-14) << t;
  }
  EXPECT_EQ(StudentTwoSided(0, 7), 1);
  EXPECT_EQ(StudentTwoSided(-2, 7), StudentTwoSided(2, 7));
  EXPECT_EQ(StudentTwoSided(kInfinity, 7), 0);
}

// 1 - the integral of the density by Simpson's rule, an independent way.
double ByIntegration(double t, double df) {
  constexpr int kSteps = 20'000;
  const auto shape = [df](double u) { return std::exp(-(df + 1) / 2 * std::log1p(u * u / df)); };
  double sum = shape(0) + shape(t);
  for (int i = 1; i < kSteps; ++i) sum += (i % 2 == 1 ? 4 : 2) * shape(t * i / kSteps);
  const long double ratio =
      std::lgamma(static_cast<long double>(df) / 2 + 0.5L) - std::lgamma(static_cast<long double>(df) / 2);
  return 1 - 2 * std::exp(static_cast<double>(ratio)) / std::sqrt(df * kPi) * sum * t / (3 * kSteps);
}

TEST(Student, AgreesWithTheIntegralOfItsDensity) {
  for (const double df : {0.7, 1.5, 9.0, 17.776, 250.0, 99'999.0, 100'001.0, 5e5})
    for (const double t : {0.01, 0.9, 2.0, 4.0}) EXPECT_NEAR(StudentTwoSided(t, df), ByIntegration(t, df), 1e-12) << df;
}

TEST(Student, QuantileUndoesTheDistribution) {
  EXPECT_NEAR(StudentTwoSidedQuantile(0.05, 1), std::tan(0.475 * kPi), 1e-10);
  EXPECT_NEAR(StudentTwoSidedQuantile(0.05, 10), 2.22813885198627, 1e-12);
  for (const double df : {1.0, 2.5, 30.0, 1e4, 1e6, 1e12})
    for (const double p : {1e-8, 0.001, 0.05, 0.3, 0.99})
      EXPECT_NEAR(StudentTwoSided(StudentTwoSidedQuantile(p, df), df) / p, 1, 1e-10) << df << " " << p;
  EXPECT_EQ(StudentTwoSidedQuantile(1, 5), 0);
  EXPECT_NEAR(StudentTwoSidedQuantile(0.05, 1e15), NormalQuantile(0.975), 1e-13);
}

TEST(ChiSquare, TableValues) {
  EXPECT_NEAR(ChiSquareTail(3.841458820694124, 1), 0.05, 1e-14);
  EXPECT_NEAR(ChiSquareTail(10.827566170662733, 1), 0.001, 1e-14);
  EXPECT_NEAR(ChiSquareTail(5.991464547107979, 2), 0.05, 1e-14);
  EXPECT_NEAR(ChiSquareTail(11.070497693516351, 5), 0.05, 1e-14);
  EXPECT_NEAR(ChiSquareTail(16, 4), 9 * std::exp(-8), 1e-15);
  EXPECT_EQ(ChiSquareTail(0, 3), 1);
  EXPECT_EQ(ChiSquareTail(-1, 3), 1);
  EXPECT_NEAR(ChiSquareTail(99.334, 100), 0.5, 1e-4);
  EXPECT_NEAR(ChiSquareTail(2000, 2000), 0.5, 0.01) << "exp(-1000) alone vanishes";
}

}  // namespace
}  // namespace loyalty::retention
