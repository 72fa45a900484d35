// A model on trial: fitted up to one day, judged by what happened up to a later one.
#pragma once

#include <cstdint>
#include <string>

#include "clients/failure.h"
#include "clients/retention/customers.h"
#include "retention/trial.h"

namespace loyalty::client {

struct TrialRequest {
  ReceiptWindow window = {};         // of all receipts; window.until is the end of the holdout
  Day calibration_end = 0;           // the last day the model may know of, before window.until
  std::string model = "mbg-cnbd-k";  // or "bg-nbd", "mbg-nbd"
  std::int32_t k_max = 4;
};

struct Trial {
  TrialRequest request;
  retention::TrialReport report;
  std::string run = {};  // of a server: where it is stored
};

// The kind that TrialRequest::model names.
retention::ModelKind KindOf(const std::string& model);

// Failures: kUsage, when there is too little data for a model until calibration_end; names `file`.
Outcome RunTrial(const Customers& customers, const std::string& file, const TrialRequest& request, Trial& trial);

std::string RenderTrial(const Trial& trial, bool colour);
std::string TrialJson(const Trial& trial);

}  // namespace loyalty::client
