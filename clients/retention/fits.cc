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

NamedFit Named(ModelKind kind, retention::Fit fit) {
  for (const Kind& one : kKinds)
    if (one.kind == kind) return {one.name, one.title, fit};
  return {{}, {}, fit};
}

FitReport FitModels(const Customers& customers, const FitRequest& request) {
  retention::ModelStudy study(request.window.until, std::pow(10, CurrencyExponent(customers.currency).value_or(0)));
  for (const auto& [card, days] : customers.by_card) study.Add(days);
  const auto set = study.Take(request.k_max, request.days_per_unit());
  return {.request = request,
          .currency = customers.currency,
          .receipts = set.receipts,
          .median_cycle_days = set.median_cycle_days,
          .models = {Named(ModelKind::kBgNbd, set.bg_nbd), Named(ModelKind::kMbgNbd, set.mbg_nbd),
                     Named(ModelKind::kMbgCnbd, set.mbg_cnbd)},
          .spend = set.spend};
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
    case SpendStatus::kBoundary: return "boundary";
  }
  return "";
}

}  // namespace loyalty::client
