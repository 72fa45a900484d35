#include "retention/heuristic.h"

namespace loyalty::retention {

double OverdueRatio(const History& history, double typical_gap_days) {
  const double gap_days = history.repeats > 0 ? history.recency_days / history.repeats : typical_gap_days;
  return (history.age_days - history.recency_days) / gap_days;
}

double OwnRatePurchases(const History& history, double days) {
  return history.age_days > 0 ? history.repeats / history.age_days * days : 0;
}

}  // namespace loyalty::retention
