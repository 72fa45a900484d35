#include "retention/stages.h"

#include <algorithm>
#include <cmath>

namespace loyalty::retention {
namespace {

constexpr double kNegligible = 1e-15;

// C(m) for a growing m.
class PurchaseSum {
 public:
  explicit PurchaseSum(const StageCounter& customer) : a_(customer.a), b_(customer.b) {}

  double UpTo(double purchases) {
    for (; counted_ < purchases; counted_ += 1) {
      sum_ += survives_;
      survives_ *= (b_ + counted_) / (a_ + b_ + counted_);
    }
    return sum_;
  }

 private:
  double a_;
  double b_;
  double counted_ = 0;
  double sum_ = 0;
  double survives_ = 1;
};

// Where a walk upwards begins: P(N = i) of all that lies below is negligible, and the most probable i is not so many
// times more probable that the walk would leave the range of a double.
double LowestThatMatters(double size, double odds, double mode) {
  constexpr double kLnRangeMax = 600;
  if (size * std::log1p(odds) < kLnRangeMax) return 0;
  const double z = odds / (1 + odds);
  double i = std::floor(mode);
  for (double weight = 1; i > 0 && weight > kNegligible * 1e-5; i -= 1) weight *= i / ((size + i - 1) * z);
  return i;
}

}  // namespace

double PurchasesOfStages(const StageCounter& customer, double size, double odds) {
  PurchaseSum purchases(customer);
  const double mode = std::max(0.0, (size - 1) * odds);
  if (mode >= kStagesMaxAhead)
    return purchases.UpTo(std::floor((kStagesMaxAhead + static_cast<double>(customer.passed)) / customer.k));
  // Probabilities in proportion to the first one; their sum sets them right.
  const double z = odds / (1 + odds);
  double weight = 1;
  double sum_weight = 0;
  double sum = 0;
  for (double i = LowestThatMatters(size, odds, mode); i <= kStagesMaxAhead; i += 1) {
    const double count = purchases.UpTo(std::floor((i + customer.passed) / customer.k));
    sum_weight += weight;
    sum += weight * count;
    weight *= (size + i) * z / (i + 1);
    // What follows is at most a geometric series, times a count that grows by one a term.
    if (i >= mode && weight * (count + 2 + odds) * (1 + odds) <= kNegligible * sum) break;
  }
  return sum / sum_weight;
}

}  // namespace loyalty::retention
