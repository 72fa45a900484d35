// Symmetric matrices of a few rows, row by row in one vector.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace loyalty::retention {

// L with L L' = `matrix` (n * n numbers, the lower half is read). None when the matrix is not clearly positive
// definite: a pivot is below `pivot_min`.
std::optional<std::vector<double>> Cholesky(std::span<const double> matrix, std::size_t n, double pivot_min);

// x with L L' x = `right`.
std::vector<double> SolveCholesky(std::span<const double> lower, std::span<const double> right);

}  // namespace loyalty::retention
