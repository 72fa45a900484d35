#include "clients/retention/fits.h"

#include <cmath>

#include "domain/money.h"

namespace loyalty::client {

using retention::FitStatus;
using retention::ModelKind;
using retention::SpendStatus;

namespace {

struct Kind {
  std::string_view name;
  std::string_view title;
  ModelKind kind;
};

constexpr Kind kKinds[] = {{"bg_nbd", "BG/NBD", ModelKind::kBgNbd},
                           {"mbg_nbd", "MBG/NBD", ModelKind::kMbgNbd},
                           {"mbg_cnbd_k", "MBG/CNBD-k", ModelKind::kMbgCnbd}};

}  // namespace

retention::CollapsedRows RowsOf(const std::vector<CustomerAtDay>& customers) {
  retention::RowCollector collector;
  for (const auto& customer : customers) collector.Add(customer.history);
  return collector.Take();
}

FitReport FitModels(const Customers& customers, const FitRequest& request) {
  FitReport report{.request = request, .currency = customers.currency, .receipts = customers.receipts};
  const auto at_day = CustomersAt(customers, request.window.until);
  const auto rows = RowsOf(at_day);
  report.median_cycle_days = retention::MedianCycleDays(rows);
  for (const auto& kind : kKinds)
    report.models.push_back(
        {kind.name, kind.title,
         retention::FitModel(rows,
                             {.kind = kind.kind, .k_max = request.k_max, .days_per_unit = request.days_per_unit()})});
  std::vector<retention::Spend> spends;
  spends.reserve(at_day.size());
  const double minor_per_unit = std::pow(10, CurrencyExponent(customers.currency).value_or(0));
  for (const auto& customer : at_day) {
    const auto minor = customer.summary.amount - customer.summary.first_day_amount;
    spends.push_back({customer.history.repeats, static_cast<double>(minor) / minor_per_unit});
  }
  report.spend = retention::FitSpend(spends);
  return report;
}

std::string_view StatusName(FitStatus status) {
  switch (status) {
    case FitStatus::kConverged: return "converged";
    case FitStatus::kBoundary: return "boundary";
    case FitStatus::kNotConverged: return "not_converged";
    case FitStatus::kTooThin: return "too_thin";
  }
  return "";
}

std::string_view StatusName(SpendStatus status) {
  switch (status) {
    case SpendStatus::kConverged: return "converged";
    case SpendStatus::kTooThin: return "too_thin";
    case SpendStatus::kNotConverged: return "not_converged";
    case SpendStatus::kNoMean: return "no_mean";
  }
  return "";
}

}  // namespace loyalty::client
