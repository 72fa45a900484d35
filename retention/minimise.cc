#include "retention/minimise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "retention/cholesky.h"

namespace loyalty::retention {
namespace {

constexpr double kStepMax = 2;            // of a variable in one step: e^2 for a logarithm
constexpr double kSufficientFall = 1e-4;  // Armijo
constexpr int kHalvingsMax = 40;
constexpr double kRounding = 1e-12;  // of a sum of millions of terms

double Dot(std::span<const double> x, std::span<const double> y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

void MoveInto(const Box& box, std::vector<double>& point) {
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = std::clamp(point[i], box.low[i], box.high[i]);
}

// False for a variable on a side of the box whose derivative pushes it outwards.
bool IsFree(const Box& box, const Minimum& at, std::size_t i) {
  return !(at.point[i] <= box.low[i] && at.gradient[i] > 0) && !(at.point[i] >= box.high[i] && at.gradient[i] < 0);
}

void Evaluate(const Objective& objective, const Box& box, Minimum& at) {
  at.gradient.resize(at.point.size());
  at.value = objective(at.point, at.gradient);
  ++at.evaluations;
  at.gradient_norm = 0;
  for (std::size_t i = 0; i < at.point.size(); ++i)
    if (IsFree(box, at, i)) at.gradient_norm = std::max(at.gradient_norm, std::abs(at.gradient[i]));
  // NaN passes through max() unseen.
  for (const double derivative : at.gradient)
    if (!std::isfinite(derivative)) at.gradient_norm = std::numeric_limits<double>::infinity();
}

// The inverse of the matrix of second derivatives as BFGS learns it.
class InverseHessian {
 public:
  explicit InverseHessian(std::size_t n) : n_(n) { Reset(); }

  void Reset() {
    matrix_.assign(n_ * n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) matrix_[i * n_ + i] = 1;
    fresh_ = true;
  }
  bool fresh() const { return fresh_; }

  std::vector<double> Descent(const Box& box, const Minimum& at) const {
    std::vector<double> direction(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      if (!IsFree(box, at, i)) continue;
      for (std::size_t j = 0; j < n_; ++j)
        if (IsFree(box, at, j)) direction[i] -= matrix_[i * n_ + j] * at.gradient[j];
    }
    double largest = 0;
    for (const double d : direction) largest = std::max(largest, std::abs(d));
    if (largest > kStepMax)
      for (double& d : direction) d *= kStepMax / largest;
    return direction;
  }

  // Nocedal, Wright, Numerical Optimization, eq. 6.17, and 6.20 for the first scale.
  void Learn(std::span<const double> step, std::span<const double> change) {
    const double curvature = Dot(step, change);
    if (!(curvature > 1e-12 * std::sqrt(Dot(step, step) * Dot(change, change)))) return;
    if (fresh_)
      for (std::size_t i = 0; i < n_; ++i) matrix_[i * n_ + i] = curvature / Dot(change, change);
    fresh_ = false;
    std::vector<double> product(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) product[i] += matrix_[i * n_ + j] * change[j];
    const double scale = (1 + Dot(change, product) / curvature) / curvature;
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        matrix_[i * n_ + j] += scale * step[i] * step[j] - (product[i] * step[j] + step[i] * product[j]) / curvature;
  }

 private:
  std::size_t n_;
  std::vector<double> matrix_;
  bool fresh_ = true;
};

std::vector<double> Difference(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> difference(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) difference[i] = x[i] - y[i];
  return difference;
}

// A point along `direction` where the value has fallen enough; false when there is none.
bool Search(const Objective& objective, const Box& box, const std::vector<double>& direction, const Minimum& from,
            Minimum& to) {
  double length = 1;
  for (int i = 0; i < kHalvingsMax; ++i, length /= 2) {
    to.point = from.point;
    for (std::size_t j = 0; j < direction.size(); ++j) to.point[j] += length * direction[j];
    MoveInto(box, to.point);
    const double slope = Dot(from.gradient, Difference(to.point, from.point));
    if (slope >= 0) return false;
    Evaluate(objective, box, to);
    if (!std::isfinite(to.gradient_norm)) continue;
    if (to.value <= from.value + kSufficientFall * slope) return true;
    // So near the minimum that rounding hides the fall: the gradient still shows it.
    if (to.value <= from.value + kRounding * std::abs(from.value) && to.gradient_norm < from.gradient_norm) return true;
  }
  return false;
}

}  // namespace

Minimum Minimise(const Objective& objective, const Box& box, std::vector<double> start,
                 const MinimiseOptions& options) {
  Minimum at;
  at.point = std::move(start);
  MoveInto(box, at.point);
  Evaluate(objective, box, at);
  if (!std::isfinite(at.value) || !std::isfinite(at.gradient_norm)) return at;
  InverseHessian inverse(at.point.size());
  for (int i = 0; i < options.iterations_max && at.gradient_norm > options.gradient_max; ++i) {
    Minimum next = at;
    if (!Search(objective, box, inverse.Descent(box, at), at, next)) {
      at.evaluations = next.evaluations;
      if (inverse.fresh()) break;  // not even straight down: the value is as low as its rounding shows
      inverse.Reset();
      continue;
    }
    inverse.Learn(Difference(next.point, at.point), Difference(next.gradient, at.gradient));
    at = std::move(next);
  }
  at.converged = at.gradient_norm <= options.gradient_max;
  return at;
}

}  // namespace loyalty::retention
