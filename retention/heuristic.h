// What can be said of a customer without a model: used where data is too thin for one, and as the rival that a model
// has to beat.
#pragma once

#include "retention/history.h"

namespace loyalty::retention {

// Days since the last purchase, in own mean gaps; for a customer without a gap, in gaps of `typical_gap_days` > 0
// (MedianCycleDays). Noisy for less than three repeat purchases. Wants a valid history; >= 0.
double OverdueRatio(const History& history, double typical_gap_days);

// Purchase days within the next `days` if the customer went on at its own rate x / T; 0 on the first day.
double OwnRatePurchases(const History& history, double days);

}  // namespace loyalty::retention
