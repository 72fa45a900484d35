// Sums of many logarithms.
#pragma once

#include <cmath>
#include <utility>

namespace loyalty::retention {

// Sum of the logarithms of factors > 0: one logarithm for as many of them as a product holds. To about 1e-16 a factor.
class LogSum {
 public:
  void Add(double factor) {
    if (!(factor > kLow && factor < kHigh)) return AddLog(std::log(factor));
    product_ *= factor;
    if (!(product_ > kLow && product_ < kHigh)) AddLog(std::log(std::exchange(product_, 1)));
  }
  void AddLog(double ln) { sum_ += ln; }
  double Sum() const { return sum_ + std::log(product_); }

 private:
  static constexpr double kLow = 1e-150, kHigh = 1e150;  // a product of two of them is one of full precision
  double product_ = 1;
  double sum_ = 0;
};

}  // namespace loyalty::retention
