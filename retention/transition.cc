#include "retention/transition.h"

#include <cmath>

#include "retention/collapse.h"
#include "retention/predict.h"

namespace loyalty::retention {
namespace {

// The first day of [from, kHistoryDaysMax] on which `holds`, which stays true once it is.
template <typename Predicate>
std::optional<std::int32_t> FirstDay(std::int32_t from, Predicate holds) {
  if (from > kHistoryDaysMax || !holds(kHistoryDaysMax)) return std::nullopt;
  std::int32_t low = from;
  std::int32_t high = kHistoryDaysMax;
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

History On(const History& history, std::int32_t day) {
  History later = history;
  later.age_days = day;
  return later;
}

std::int32_t LastDay(const History& history) { return static_cast<std::int32_t>(std::ceil(history.recency_days)); }

}  // namespace

std::optional<std::int32_t> FirstOverdueDay(const Model& model, const History& history, double phi) {
  return FirstDay(LastDay(history), [&](std::int32_t day) { return Overdue(model, On(history, day)) >= phi; });
}

std::optional<std::int32_t> FirstLapsedDay(const Model& model, const History& history, double theta) {
  return FirstDay(LastDay(history),
                  [&](std::int32_t day) { return ProbabilityAlive(model, On(history, day)) < theta; });
}

}  // namespace loyalty::retention
