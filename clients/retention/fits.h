// What receipts say of the models: their parameters, with the errors of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/retention/customers.h"
#include "retention/fit.h"
#include "retention/gamma_gamma.h"
#include "retention/model_study.h"

namespace loyalty::client {

struct FitRequest {
  ReceiptWindow window = {};
  std::string time_unit = "weeks";  // or "days": what alpha and the log-likelihoods are in
  std::int32_t k_max = 4;

  double days_per_unit() const { return time_unit == "days" ? 1 : 7; }
};

struct NamedFit {
  std::string_view name;   // for programs: bg_nbd, mbg_nbd, mbg_cnbd_k
  std::string_view title;  // for people
  retention::Fit fit;
};

// By the names of the kind.
NamedFit Named(retention::ModelKind kind, retention::Fit fit);

struct FitReport {
  FitRequest request = {};
  std::string currency = {};
  std::int64_t receipts = 0;
  double median_cycle_days = 0;  // 0: nobody came back
  std::vector<NamedFit> models = {};
  retention::SpendFit spend = {};  // money in units of the currency
  // Of a server: where it is stored, and whose model the server works with.
  std::string run = {};
  std::string model_run = {};  // empty: recency and own rate
  std::string model = {};      // of that run: its name for people
};

// Fits all models to the customers as of request.window.until.
FitReport FitModels(const Customers& customers, const FitRequest& request);

std::string RenderFits(const FitReport& report, bool colour);
std::string FitsJson(const FitReport& report);

// Stable names of the statuses, for programs: "converged", "boundary", "not_converged", "too_thin", "no_mean".
std::string_view StatusName(retention::FitStatus status);
std::string_view StatusName(retention::SpendStatus status);

}  // namespace loyalty::client
