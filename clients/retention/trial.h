// A model on trial on the receipts of a file: fitted up to one day, judged by what happened up to a later one.
#pragma once

#include <cstdint>
#include <string>

#include "clients/failure.h"
#include "clients/retention/customers.h"
#include "retention/backtest.h"
#include "retention/fit.h"

namespace loyalty::client {

struct TrialRequest {
  ReceiptWindow window = {};         // of all receipts; window.until is the end of the holdout
  Day calibration_end = 0;           // the last day the model may know of, before window.until
  std::string model = "mbg-cnbd-k";  // or "bg-nbd", "mbg-nbd"
  std::int32_t k_max = 4;
};

struct Trial {
  TrialRequest request;
  retention::Fit fit;         // in weeks
  std::int64_t left_out = 0;  // customers whose history is too long for a model
  retention::BacktestLimits limits;
  retention::BacktestResult result;
};

// Failures: kUsage, when there is too little data for a model until calibration_end; names `file`.
Outcome RunTrial(const Customers& customers, const std::string& file, const TrialRequest& request, Trial& trial);

std::string RenderTrial(const Trial& trial, bool colour);
std::string TrialJson(const Trial& trial);

}  // namespace loyalty::client
