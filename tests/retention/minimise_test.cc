#include "retention/minimise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "retention/cholesky.h"
#include "retention/polish.h"

namespace loyalty::retention {
namespace {

double Rosenbrock(std::span<const double> x, std::span<double> gradient) {
  const double valley = x[1] - x[0] * x[0];
  gradient[0] = -400 * x[0] * valley - 2 * (1 - x[0]);
  gradient[1] = 200 * valley;
  return 100 * valley * valley + (1 - x[0]) * (1 - x[0]);
}

const Box kWide{.low = {-10, -10}, .high = {10, 10}};

TEST(Minimise, FollowsACurvedValleyToItsEnd) {
  for (const auto& start : std::vector<std::vector<double>>{{-1.2, 1}, {5, -5}, {-9, 9}, {1, 1}}) {
    const Minimum found = Minimise(Rosenbrock, kWide, start, {});
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.point[0], 1, 1e-6);
    EXPECT_NEAR(found.point[1], 1, 1e-6);
  }
}

TEST(Minimise, StaysInTheBoxAndCallsItsSideAMinimum) {
  const Box box{.low = {-10, -10}, .high = {0.5, 10}};
  const Minimum found = Minimise(
      [&](std::span<const double> x, std::span<double> gradient) {
        EXPECT_LE(x[0], 0.5);
        return Rosenbrock(x, gradient);
      },
      box, {-3, 4}, {});
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.point[0], 0.5);
  EXPECT_NEAR(found.point[1], 0.25, 1e-6);
  EXPECT_LT(found.gradient[0], -0.5);
}

TEST(Minimise, StartOutsideTheBoxIsMovedInto) { EXPECT_TRUE(Minimise(Rosenbrock, kWide, {100, -100}, {}).converged); }

TEST(Minimise, EndsUnconvergedWhereNothingIsFinite) {
  const Minimum found = Minimise(
      [](std::span<const double>, std::span<double> gradient) {
        for (double& derivative : gradient) derivative = std::numeric_limits<double>::quiet_NaN();
        return std::numeric_limits<double>::quiet_NaN();
      },
      kWide, {0, 0}, {});
  EXPECT_FALSE(found.converged);
  EXPECT_EQ(found.evaluations, 1);
}

TEST(Minimise, EndsUnconvergedWhenIterationsRunOut) {
  const Minimum found = Minimise(Rosenbrock, kWide, {-1.2, 1}, {.iterations_max = 3});
  EXPECT_FALSE(found.converged);
  EXPECT_GT(found.gradient_norm, 0.1);
}

TEST(Polish, EndsWhereRoundingEndsAndKnowsTheCurvature) {
  Minimum found = Minimise(Rosenbrock, kWide, {-1.2, 1}, {.gradient_max = 1e-2});
  const Curvature curvature = Polish(Rosenbrock, kWide, found);
  EXPECT_TRUE(curvature.definite);
  EXPECT_NEAR(found.point[0], 1, 1e-12);
  EXPECT_NEAR(found.point[1], 1, 1e-12);
  // The matrix there is {802, -400; -400, 200}, its inverse {0.5, 1; 1, 2.005}.
  EXPECT_NEAR(curvature.inverse_diagonal[0], 0.5, 1e-2);
  EXPECT_NEAR(curvature.inverse_diagonal[1], 2.005, 3e-2);
}

TEST(Polish, FlatDirectionIsSaidAndThePointIsLeftAlone) {
  const Objective trough = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 2 * (x[0] + x[1]);
    gradient[1] = gradient[0];
    return (x[0] + x[1]) * (x[0] + x[1]);
  };
  Minimum found = Minimise(trough, kWide, {3, 4}, {});
  EXPECT_TRUE(found.converged);
  const auto before = found.point;
  const Curvature curvature = Polish(trough, kWide, found);
  EXPECT_FALSE(curvature.definite);
  EXPECT_EQ(found.point, before);
  EXPECT_TRUE(std::isinf(curvature.inverse_diagonal[0]));
}

TEST(Cholesky, SolvesAndRefusesWhatIsNotPositive) {
  const std::vector<double> matrix = {4, 2, 0.6, 2, 5, 1, 0.6, 1, 3};
  const auto lower = Cholesky(matrix, 3, 1e-12);
  ASSERT_TRUE(lower);
  const std::vector<double> x = SolveCholesky(*lower, std::vector<double>{1, 2, 3});
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 3; ++j) sum += matrix[i * 3 + j] * x[j];
    EXPECT_NEAR(sum, static_cast<double>(i) + 1, 1e-14);
  }
  EXPECT_FALSE(Cholesky(std::vector<double>{1, 2, 2, 1}, 2, 1e-12));
  EXPECT_FALSE(Cholesky(std::vector<double>{std::nan("")}, 1, 1e-12));
}

}  // namespace
}  // namespace loyalty::retention
