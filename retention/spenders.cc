#include "retention/spenders.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace loyalty::retention {

Spend SpendOf(const MemberSummary& summary, double minor_per_unit) {
  return {static_cast<std::int32_t>(summary.days - 1),
          static_cast<double>(summary.amount - summary.first_day_amount) / minor_per_unit};
}

Spenders Thin(const Spenders& spenders, std::size_t spenders_max) {
  const std::size_t step = (spenders.amounts.size() + spenders_max - 1) / spenders_max;
  Spenders thin;
  std::size_t next = 0;
  for (const Spenders::Group& group : spenders.groups) {
    const std::size_t begin = thin.amounts.size();
    for (; next < group.end; next += step) thin.amounts.push_back(spenders.amounts[next]);
    if (thin.amounts.size() > begin) thin.groups.push_back({group.repeats, begin, thin.amounts.size()});
  }
  return thin;
}

void SpendCollector::Add(const Spend& spend) {
  if (spend.repeats <= 0) return;
  if (spend.amount > 0 && std::isfinite(spend.amount)) {
    amounts_[spend.repeats].push_back(spend.amount);
  } else {
    ++left_out_;
  }
}

Spenders SpendCollector::Take() {
  Spenders spenders;
  spenders.left_out = std::exchange(left_out_, 0);
  std::size_t size = 0;
  for (const auto& [repeats, amounts] : amounts_) size += amounts.size();
  spenders.amounts.reserve(size);
  while (!amounts_.empty()) {
    const auto [repeats, amounts] = std::move(*amounts_.begin());
    amounts_.erase(amounts_.begin());
    const auto begin = static_cast<std::ptrdiff_t>(spenders.amounts.size());
    spenders.amounts.insert(spenders.amounts.end(), amounts.begin(), amounts.end());
    std::sort(spenders.amounts.begin() + begin, spenders.amounts.end());
    spenders.groups.push_back({repeats, static_cast<std::size_t>(begin), spenders.amounts.size()});
  }
  return spenders;
}

}  // namespace loyalty::retention
