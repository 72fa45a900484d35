// Runs of the retention module between library, wire and table.
#pragma once

#include <string>
#include <string_view>

#include "domain/catalogue.h"
#include "domain/result.h"
#include "loyalty/v1/retention_service.pb.h"
#include "retention/cohort.h"
#include "retention/model_study.h"
#include "retention/rfm.h"
#include "retention/segment_totals.h"
#include "retention/trial.h"
#include "storage/purchase_days.h"
#include "storage/retention_runs.h"

namespace loyalty {

// The days of a request; until_date does not lie after the day of `now`, wherever on earth. Errors: kInvalidArgument
// (from_date, until_date).
Result<storage::DayWindow> ToWindow(const std::string& from_date, const std::string& until_date, Instant now);

// What a fit reads beside its window. Errors: kInvalidArgument (k_max, time_unit, kind).
Result<std::int32_t> ToStagesMax(std::int32_t k_max);
Result<v1::TimeUnit> ToTimeUnit(v1::TimeUnit unit);
Result<retention::ModelKind> ToModelKind(v1::ModelKind kind);
// Limits of a catalogue; FillBacktestRun makes them basis points again.
retention::BacktestLimits ToLimits(const RetentionRules& rules);
// Who is on trial: the window until the end of the holdout and the plan. Errors: kInvalidArgument (from_date,
// until_date, holdout_until_date, kind, k_max).
struct TrialRequest {
  storage::DayWindow window;
  retention::TrialPlan plan;
};
Result<TrialRequest> ToTrial(const v1::BacktestModelsRequest& request, Instant now);
// Days in a unit of time.
double DaysPer(v1::TimeUnit unit);

// Results in the words of the API. What they say of the request and the program is left to the caller.
void FillModelFit(const retention::Fit& fit, retention::ModelKind kind, v1::ModelFit& out);
void FillSpendFit(const retention::SpendFit& spend, v1::SpendFit& out);
void FillFitRun(const retention::ModelSet& set, v1::FitRun& run);
void FillBacktestRun(const retention::TrialReport& report, retention::ModelKind kind, v1::BacktestRun& run);
void FillRfmRun(const retention::RfmCutPoints& cut_points, const retention::SegmentTotals& totals, v1::RfmRun& run);
// From the first month in which anybody bought.
void FillCohorts(const retention::CohortTable& table, v1::GetCohortReportResponse& response);

// The way back, for scores under the cut points of a run.
retention::RfmCutPoints CutPointsOf(const v1::RfmRun& run);
// Those of a request; nothing where it has none. Errors: kInvalidArgument (cut_points).
Result<std::optional<retention::RfmCutPoints>> ToCutPoints(const v1::ScoreRfmRequest& request);
v1::ModelKind FromModelKind(retention::ModelKind kind);

// `retentionRuns/{id}` and back. Errors: kInvalidArgument (`field`).
std::string RunName(std::int64_t id);
Result<std::int64_t> ParseRunName(std::string_view field, std::string_view name);

// Proto JSON, as stored.
std::string RunText(const google::protobuf::Message& result);
// A stored run as the API shows it. Errors: kInternal (a newer server wrote it).
Result<v1::RetentionRun> RunMessage(const storage::RetentionRunRow& row);

}  // namespace loyalty
