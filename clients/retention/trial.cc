#include "clients/retention/trial.h"

#include "clients/table.h"

namespace loyalty::client {

retention::ModelKind KindOf(const std::string& model) {
  if (model == "bg-nbd") return retention::ModelKind::kBgNbd;
  return model == "mbg-nbd" ? retention::ModelKind::kMbgNbd : retention::ModelKind::kMbgCnbd;
}

Outcome RunTrial(const Customers& customers, const std::string& file, const TrialRequest& request, Trial& trial) {
  retention::Trial library({.until = request.calibration_end,
                            .holdout_until = request.window.until,
                            .kind = KindOf(request.model),
                            .k_max = request.k_max});
  for (const auto& [card, days] : customers.by_card) library.Add(days);
  trial = {.request = request, .report = library.Run()};
  const retention::Fit& fit = trial.report.fit;
  if (fit.advice == retention::FitAdvice::kUseModel) return {};
  const std::string why(fit.status == retention::FitStatus::kTooThin ? Describe(fit.shortage) : Describe(fit.status));
  return UsageFailure(file + ": no model can be fitted until " + FormatDay(request.calibration_end) + ": " + why +
                          " (" + Grouped(fit.customers) + " customers, " + Grouped(fit.repeats) +
                          " repeat purchase days)",
                      "give a later --until, or more receipts");
}

}  // namespace loyalty::client
