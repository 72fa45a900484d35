// Models of retention/ against the reference answers, on real receipts.
#pragma once

#include <filesystem>

#include "tests/reference/report.h"

namespace loyalty::reference {

// Of every data set: summaries, fitted parameters and likelihoods, each customer's quantities given the reference
// parameters, and errors in the holdout period. Throws std::runtime_error when a file cannot be read.
void CheckModels(const std::filesystem::path& data, Report& report);

}  // namespace loyalty::reference
