// What our fits said of the holdout period of one data set, judged by what happened in it.
#pragma once

#include "tests/reference/case.h"
#include "tests/reference/report.h"

namespace loyalty::reference {

// Errors, correlation and bias of expected purchases. Figures to the decimals given; at a boundary to 1e-3 of
// themselves.
void CheckErrors(const Case& c, Report& report);
// How well scores rank customers by whether they bought at all.
void CheckRanking(const Case& c, Report& report);
// Probabilities of buying, against how often it happened.
void CheckCalibration(const Case& c, Report& report);
// Lifetime values, and spend.
void CheckMoney(const Case& c, Report& report);

}  // namespace loyalty::reference
