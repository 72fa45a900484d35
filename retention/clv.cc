#include "retention/clv.h"

#include <algorithm>

#include "retention/predict.h"

namespace loyalty::retention {

double CustomerLifetimeValue(const Model& model, const History& history, double spend_per_day, const ClvTerms& terms) {
  double sum = 0;
  double before = 0;
  double worth = 1;
  for (std::int32_t period = 1; period <= terms.periods; ++period) {
    const double until = ExpectedPurchases(model, history, period * terms.period_days);
    worth /= 1 + terms.discount;
    // Both are right to 1e-14 of themselves: late periods of a customer who has left could come out below zero.
    sum += std::max(0.0, until - before) * worth;
    before = until;
  }
  return terms.margin * spend_per_day * sum;
}

}  // namespace loyalty::retention
