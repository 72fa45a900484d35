#include "retention/at_stake.h"

#include "retention/heuristic.h"
#include "retention/predict.h"

namespace loyalty::retention {

double ValueAtStake(const Model& model, const History& history, double spend_per_day, double margin, double days) {
  const double alive = ProbabilityAlive(model, history);
  if (!(alive > 0)) return 0;
  return margin * spend_per_day * ExpectedPurchases(model, history, days) / alive * (1 - alive);
}

double ValueAtStake(const History& history, double spend_per_day, double margin, double days) {
  return margin * spend_per_day * OwnRatePurchases(history, days);
}

}  // namespace loyalty::retention
