// What is at stake with a customer who has lapsed.
#pragma once

#include "retention/gamma_gamma.h"
#include "retention/history.h"
#include "retention/model.h"

namespace loyalty::retention {

// What a customer would bring within `days` if it stayed, margin * E[M] * E[X | still a customer], times the
// probability that it does not stay, 1 - P(alive). `spend_per_day` >= 0: ExpectedSpend; `margin` 0..1. In the unit of
// the spend.
double ValueAtStake(const Model& model, const History& history, double spend_per_day, double margin, double days);

// The same without a model: at its own rate, and as if it had gone.
double ValueAtStake(const History& history, double spend_per_day, double margin, double days);

}  // namespace loyalty::retention
