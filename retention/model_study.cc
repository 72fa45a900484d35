#include "retention/model_study.h"

#include <utility>

#include "retention/enough_data.h"

namespace loyalty::retention {

std::optional<ModelKind> ModelToUse(const ModelSet& set) {
  if (set.mbg_cnbd.advice == FitAdvice::kUseModel) return ModelKind::kMbgCnbd;
  if (set.mbg_nbd.advice == FitAdvice::kUseModel) return ModelKind::kMbgNbd;
  return std::nullopt;
}

void ModelStudy::Add(std::span<const MemberDay> days) {
  const MemberSummary summary = Summarise(DaysUntil(days, until_));
  const auto history = HistoryOf(summary, until_);
  if (!history) return;
  receipts_ += summary.receipts;
  rows_.Add(*history);
  spends_.Add(SpendOf(summary, minor_per_unit_));
}

ModelSet ModelStudy::Take(std::int32_t k_max, double days_per_unit) {
  const CollapsedRows rows = rows_.Take();
  const auto fit = [&](ModelKind kind) {
    return FitModel(rows, {.kind = kind, .k_max = k_max, .days_per_unit = days_per_unit});
  };
  return {.receipts = std::exchange(receipts_, 0),
          .median_cycle_days = MedianCycleDays(rows),
          .bg_nbd = fit(ModelKind::kBgNbd),
          .mbg_nbd = fit(ModelKind::kMbgNbd),
          .mbg_cnbd = fit(ModelKind::kMbgCnbd),
          .spend = FitSpend(spends_.Take())};
}

}  // namespace loyalty::retention
