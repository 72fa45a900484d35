// Summaries, fitted parameters and likelihoods of one data set.
#pragma once

#include "tests/reference/case.h"
#include "tests/reference/customer_check.h"
#include "tests/reference/report.h"

namespace loyalty::reference {

void CheckShop(const Case& c, Report& report);

// Parameters to four digits, likelihoods to 1e-3; at a boundary likelihoods to 0.01 and what does not depend on the
// parameters that the data does not tell.
void CheckFits(const Case& c, Report& report);

// Every customer's predictions by our fits against those by the reference parameters.
void CheckPredictions(const Case& c, const ReferenceModels& models, Report& report);

}  // namespace loyalty::reference
