#include "retention/trial.h"

#include <utility>

#include "retention/enough_data.h"
#include "retention/heuristic.h"
#include "retention/predict.h"

namespace loyalty::retention {
namespace {

constexpr double kDaysPerWeek = 7;

}  // namespace

void Trial::Add(std::span<const MemberDay> days) {
  const auto known = DaysUntil(days, plan_.until);
  const auto history = HistoryOf(Summarise(known), plan_.until);
  if (!history) return;
  rows_.Add(*history);
  const auto bought = DaysUntil(days, plan_.holdout_until).size() - known.size();
  candidates_.push_back({*history, static_cast<std::int64_t>(bought)});
}

TrialReport Trial::Run() {
  TrialReport report;
  report.limits = plan_.limits;
  const CollapsedRows rows = rows_.Take();
  auto candidates = std::exchange(candidates_, {});
  report.fit = FitModel(rows, {.kind = plan_.kind, .k_max = plan_.k_max, .days_per_unit = kDaysPerWeek});
  if (report.fit.advice != FitAdvice::kUseModel) return report;
  const double horizon = plan_.holdout_until - plan_.until;
  const double typical_gap = MedianCycleDays(rows);
  std::vector<BacktestMember> members;
  members.reserve(candidates.size());
  for (const auto& [history, bought_days] : candidates) {
    if (history.age_days > kHistoryDaysMax) {
      ++report.left_out;
      continue;
    }
    members.push_back({.probability = ProbabilityToBuy(report.fit.model, history, horizon),
                       .expected_days = ExpectedPurchases(report.fit.model, history, horizon),
                       .days_since_last = history.age_days - history.recency_days,
                       .overdue_ratio = OverdueRatio(history, typical_gap),
                       .bought_days = bought_days});
  }
  candidates = {};
  report.result = Backtest(members, report.limits);
  return report;
}

}  // namespace loyalty::retention
