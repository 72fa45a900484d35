// From near a minimum to the minimum itself, and how sharp it is.
#pragma once

#include <vector>

#include "retention/minimise.h"

namespace loyalty::retention {

// A parameter is not known whose logarithm has a standard error above this: a factor of 400.
inline constexpr double kLnErrorMax = 6;

// How sharp a minimum is.
struct Curvature {
  bool definite = false;  // false: some direction is flat, or this is no minimum
  // Diagonal of the inverse of the matrix of second derivatives, for variables that lie within the box; infinite for
  // those on a side of it, and for all when not `definite`.
  std::vector<double> inverse_diagonal;
};

// Moves a minimum of Minimise to where the gradient is zero as far as its rounding allows. Second derivatives are
// differences of the gradient. Leaves the point alone where Newton's method does not make the gradient smaller.
Curvature Polish(const Objective& objective, const Box& box, Minimum& minimum);

}  // namespace loyalty::retention
