#include "retention/gaps.h"

#include <algorithm>
#include <cmath>

namespace loyalty::retention {

void Gaps::Add(std::span<const Day> purchase_days) {
  for (std::size_t i = 1; i < purchase_days.size(); ++i) {
    const std::int64_t gap = std::int64_t{purchase_days[i]} - purchase_days[i - 1];
    ++counts_[gap];
    ++count_;
    sum_ += gap;
  }
}

std::optional<double> Gaps::Mean() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

std::int64_t Gaps::At(std::int64_t index) const {
  for (const auto& [gap, count] : counts_) {
    if (index < count) return gap;
    index -= count;
  }
  return counts_.rbegin()->first;
}

std::optional<double> Gaps::Quantile(double p) const {
  if (count_ == 0) return std::nullopt;
  const double at = std::clamp(p, 0.0, 1.0) * static_cast<double>(count_ - 1);
  const double below = std::floor(at);
  const auto index = static_cast<std::int64_t>(below);
  const auto low = static_cast<double>(At(index));
  return low + (at - below) * (static_cast<double>(At(index + 1)) - low);
}

}  // namespace loyalty::retention
