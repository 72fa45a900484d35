// The retention service, in files by what it is about: runs that are stored and jobs, reports of segments and cohorts,
// lifecycle, moves, candidates.
#pragma once

#include "loyalty/v1/retention_service.pb.h"
#include "retention/summary.h"
#include "services/rpc/call.h"
#include "services/rpc/lifecycle_reads.h"
#include "storage/purchase_days.h"

namespace loyalty {

Status FitModels(Call& call, const v1::FitModelsRequest& request, v1::FitModelsResponse& response);
Status BacktestModels(Call& call, const v1::BacktestModelsRequest& request, v1::BacktestModelsResponse& response);
Status ClassifyMembers(Call& call, const v1::ClassifyMembersRequest& request, v1::ClassifyMembersResponse& response);
Status GetRun(Call& call, const v1::GetRunRequest& request, v1::GetRunResponse& response);
Status GetLifecycle(Call& call, const v1::GetLifecycleRequest& request, v1::GetLifecycleResponse& response);
Status GetLifecycleSummary(Call& call, const v1::GetLifecycleSummaryRequest& request,
                           v1::GetLifecycleSummaryResponse& response);
Status GetLifecycleMatrix(Call& call, const v1::GetLifecycleMatrixRequest& request,
                          v1::GetLifecycleMatrixResponse& response);
Status ListTransitions(Call& call, const v1::ListTransitionsRequest& request, v1::ListTransitionsResponse& response);
std::unique_ptr<Stream> WatchTransitions(StreamWire& wire, const v1::WatchTransitionsRequest& request);
Status ListReactivationCandidates(Call& call, const v1::ListReactivationCandidatesRequest& request,
                                  v1::ListReactivationCandidatesResponse& response);
Status GetRfmMatrix(Call& call, const v1::GetRfmMatrixRequest& request, v1::GetRfmMatrixResponse& response);
Status ScoreRfm(Call& call, const v1::ScoreRfmRequest& request, v1::ScoreRfmResponse& response);
Status ListRfmMembers(Call& call, const v1::ListRfmMembersRequest& request, v1::ListRfmMembersResponse& response);
Status ListRuns(Call& call, const v1::ListRunsRequest& request, v1::ListRunsResponse& response);
Status GetCohortReport(Call& call, const v1::GetCohortReportRequest& request, v1::GetCohortReportResponse& response);
Status VerifyStatistics(Call& call, const v1::VerifyStatisticsRequest& request, v1::VerifyStatisticsResponse& response);

// A report over all members as of a day that may be empty: `read(session, snapshot, day) -> Status`.
template <typename Read>
Status StartReport(Call& call, const std::string& date, Read read) {
  const auto day = ReportDay("as_of_date", date, *call.snapshot, call.now);
  if (!day) return day.error();
  if (!call.snapshot->measure) return NotClassified();
  return StartLongRead(call, [&call, day = *day, read](storage::Session& session) -> Status {
    return read(session, *call.snapshot, day);
  });
}

// The members of a window, one by one. False: nobody waits for the call any more, and some were not read. Throws
// storage::Failure.
template <typename Take>
bool ReadMembers(const Wire& wire, storage::Session& session, const storage::DayWindow& window, const Take& take) {
  const auto go_on = [&wire] { return !wire.IsCancelled(); };
  const auto take_one = [&take](std::int64_t, std::span<const retention::MemberDay> days) {
    take(days);
    return true;
  };
  storage::ReadPurchaseDays(session, window, 0, take_one, {.go_on = go_on});
  return go_on();
}

}  // namespace loyalty
