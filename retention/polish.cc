#include "retention/polish.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "retention/cholesky.h"

namespace loyalty::retention {
namespace {

constexpr double kDifference = 1e-3;  // errors of 1e-7 of a second derivative; rounding would cost more if smaller
constexpr double kPivotMin = 1e-10;   // flatter than this is what differences cannot tell from flat
constexpr double kNewtonStepMax = 1;  // further away the minimum was none
constexpr double kStepDone = 1e-12;
constexpr int kMatricesMax = 3;
constexpr int kStepsMax = 12;  // with one matrix

// Variables that do not lie on a side of the box. The matrix is that of these alone.
std::vector<std::size_t> Inner(const Box& box, const std::vector<double>& point) {
  std::vector<std::size_t> inner;
  for (std::size_t i = 0; i < point.size(); ++i)
    if (point[i] > box.low[i] && point[i] < box.high[i]) inner.push_back(i);
  return inner;
}

std::vector<double> SecondDerivatives(const Objective& objective, const std::vector<std::size_t>& inner, Minimum& at) {
  const std::size_t n = inner.size();
  std::vector<double> matrix(n * n);
  std::vector<double> above(at.point.size());
  std::vector<double> below(at.point.size());
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> point = at.point;
    point[inner[i]] = at.point[inner[i]] + kDifference;
    objective(point, above);
    point[inner[i]] = at.point[inner[i]] - kDifference;
    objective(point, below);
    at.evaluations += 2;
    for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] = (above[inner[j]] - below[inner[j]]) / (2 * kDifference);
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) matrix[i * n + j] = (matrix[i * n + j] + matrix[j * n + i]) / 2;
  return matrix;
}

double Largest(const std::vector<double>& gradient, const std::vector<std::size_t>& inner) {
  double largest = 0;
  for (const std::size_t i : inner) largest = std::max(largest, std::abs(gradient[i]));
  return largest;
}

// One step; false when it would not make the gradient smaller, or is too small to matter.
bool Step(const Objective& objective, const Box& box, const std::vector<std::size_t>& inner,
          const std::vector<double>& lower, Minimum& at) {
  std::vector<double> right(inner.size());
  for (std::size_t i = 0; i < inner.size(); ++i) right[i] = -at.gradient[inner[i]];
  const std::vector<double> step = SolveCholesky(lower, right);
  Minimum next = at;
  double largest = 0;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    double& x = next.point[inner[i]];
    x += step[i];
    largest = std::max(largest, std::abs(step[i]));
    if (!(x > box.low[inner[i]] && x < box.high[inner[i]])) return false;
  }
  if (!(largest <= kNewtonStepMax) || largest < kStepDone) return false;
  next.value = objective(next.point, next.gradient);
  ++at.evaluations;
  if (!(Largest(next.gradient, inner) < Largest(at.gradient, inner))) return false;
  next.evaluations = at.evaluations;
  next.gradient_norm = Largest(next.gradient, inner);
  at = next;
  return true;
}

}  // namespace

Curvature Polish(const Objective& objective, const Box& box, Minimum& minimum) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Curvature curvature{.definite = false, .inverse_diagonal = std::vector<double>(minimum.point.size(), kInfinity)};
  const std::vector<std::size_t> inner = Inner(box, minimum.point);
  std::optional<std::vector<double>> lower;
  for (int matrices = 0; matrices < kMatricesMax; ++matrices) {
    lower = Cholesky(SecondDerivatives(objective, inner, minimum), inner.size(), kPivotMin);
    if (!lower) return curvature;
    int steps = 0;
    while (steps < kStepsMax && Step(objective, box, inner, *lower, minimum)) ++steps;
    if (steps < kStepsMax) break;  // nothing left to gain
  }
  curvature.definite = true;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    std::vector<double> unit(inner.size(), 0.0);
    unit[i] = 1;
    curvature.inverse_diagonal[inner[i]] = SolveCholesky(*lower, unit)[i];
  }
  return curvature;
}

}  // namespace loyalty::retention
