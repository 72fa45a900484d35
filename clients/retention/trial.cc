#include "clients/retention/trial.h"

#include <algorithm>
#include <vector>

#include "clients/retention/fits.h"
#include "clients/table.h"
#include "retention/heuristic.h"
#include "retention/predict.h"

namespace loyalty::client {
namespace {

using retention::BacktestMember;
using retention::MemberDay;

constexpr double kDaysPerWeek = 7;

retention::ModelKind KindOf(const std::string& model) {
  if (model == "bg-nbd") return retention::ModelKind::kBgNbd;
  return model == "mbg-nbd" ? retention::ModelKind::kMbgNbd : retention::ModelKind::kMbgCnbd;
}

std::int64_t DaysBought(const std::vector<MemberDay>& days, Day after, Day until) {
  return std::count_if(days.begin(), days.end(),
                       [&](const MemberDay& day) { return day.day > after && day.day <= until; });
}

}  // namespace

Outcome RunTrial(const Customers& customers, const std::string& file, const TrialRequest& request, Trial& trial) {
  trial = Trial{};
  trial.request = request;
  const auto known = CustomersAt(customers, request.calibration_end);
  const auto rows = RowsOf(known);
  trial.fit =
      retention::FitModel(rows, {.kind = KindOf(request.model), .k_max = request.k_max, .days_per_unit = kDaysPerWeek});
  if (trial.fit.advice != retention::FitAdvice::kUseModel) {
    const std::string why(trial.fit.status == retention::FitStatus::kTooThin ? Describe(trial.fit.shortage)
                                                                             : Describe(trial.fit.status));
    return UsageFailure(file + ": no model can be fitted until " + FormatDay(request.calibration_end) + ": " + why +
                            " (" + Grouped(rows.customers) + " customers, " + Grouped(rows.repeats) +
                            " repeat purchase days)",
                        "give a later --until, or more receipts");
  }
  const double horizon = request.window.until - request.calibration_end;
  const double typical_gap = retention::MedianCycleDays(rows);
  std::vector<BacktestMember> members;
  members.reserve(known.size());
  for (const auto& [card, summary, history] : known) {
    if (history.age_days > retention::kHistoryDaysMax) {
      ++trial.left_out;
      continue;
    }
    members.push_back({.probability = retention::ProbabilityToBuy(trial.fit.model, history, horizon),
                       .expected_days = retention::ExpectedPurchases(trial.fit.model, history, horizon),
                       .days_since_last = history.age_days - history.recency_days,
                       .overdue_ratio = retention::OverdueRatio(history, typical_gap),
                       .bought_days = DaysBought(customers.by_card.find(card)->second, request.calibration_end,
                                                 request.window.until)});
  }
  trial.result = retention::Backtest(members, trial.limits);
  return {};
}

}  // namespace loyalty::client
