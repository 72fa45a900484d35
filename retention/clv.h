// Customer lifetime value: what a customer will bring within a horizon, discounted.
#pragma once

#include <cstdint>

#include "retention/history.h"
#include "retention/model.h"

namespace loyalty::retention {

// Never show a value without these.
struct ClvTerms {
  std::int32_t periods = 12;     // the horizon, in periods
  double period_days = 30.4375;  // a twelfth of a year
  double discount = 0.01;        // per period, >= 0: money of the j-th period counts 1 / (1 + discount)^j
  double margin = 1;             // share of spend that is earned, 0..1; 1: the value is one of sales
};

// margin * spend * sum over periods j of (E[X(j D)] - E[X((j-1) D)]) / (1 + discount)^j, D = period_days, E[X] the
// expected purchase days of ExpectedPurchases. `spend_per_day` >= 0 is the expected value of a purchase day
// (ExpectedSpend); the result is in its unit of money. What was bought before now does not count.
double CustomerLifetimeValue(const Model& model, const History& history, double spend_per_day, const ClvTerms& terms);

}  // namespace loyalty::retention
