// Minimum of a smooth function of a few variables within a box, by BFGS.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace loyalty::retention {

// Returns the value at `point` and writes its derivatives. Called with points within the box, and by
// Polish with points up to 0.001 outside.
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;

struct Box {
  std::vector<double> low;
  std::vector<double> high;
};

struct MinimiseOptions {
  double gradient_max = 1e-7;  // converged when no derivative that could still fall is larger
  int iterations_max = 200;    // a fit needs 15 to 40
};

struct Minimum {
  std::vector<double> point;
  double value = 0;
  std::vector<double> gradient;
  double gradient_norm = 0;  // largest derivative, without those that push against a side of the box
  bool converged = false;
  int evaluations = 0;
};

// Starts at `start`, moved into the box. The objective has to be scaled so that values and variables near 1 are
// normal. Deterministic; never throws of its own; a start where the objective is not finite ends unconverged.
Minimum Minimise(const Objective& objective, const Box& box, std::vector<double> start, const MinimiseOptions& options);

}  // namespace loyalty::retention
