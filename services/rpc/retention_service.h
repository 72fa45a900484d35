// The retention service, in files by what it is about: runs that are stored and jobs, reports of segments and cohorts,
// lifecycle, moves, candidates.
#pragma once

#include "loyalty/v1/retention_service.grpc.pb.h"
#include "retention/summary.h"
#include "services/rpc/call.h"
#include "services/rpc/lifecycle_reads.h"
#include "storage/purchase_days.h"

namespace loyalty {

class RetentionService final : public v1::RetentionService::CallbackService {
 public:
  explicit RetentionService(const Deps& deps) : deps_(deps) {}

  Reactor* FitModels(grpc::CallbackServerContext* context, const v1::FitModelsRequest* request,
                     v1::FitModelsResponse* response) override;
  Reactor* BacktestModels(grpc::CallbackServerContext* context, const v1::BacktestModelsRequest* request,
                          v1::BacktestModelsResponse* response) override;
  Reactor* ClassifyMembers(grpc::CallbackServerContext* context, const v1::ClassifyMembersRequest* request,
                           v1::ClassifyMembersResponse* response) override;
  Reactor* GetRun(grpc::CallbackServerContext* context, const v1::GetRunRequest* request,
                  v1::GetRunResponse* response) override;
  Reactor* GetLifecycle(grpc::CallbackServerContext* context, const v1::GetLifecycleRequest* request,
                        v1::GetLifecycleResponse* response) override;
  Reactor* GetLifecycleSummary(grpc::CallbackServerContext* context, const v1::GetLifecycleSummaryRequest* request,
                               v1::GetLifecycleSummaryResponse* response) override;
  Reactor* GetLifecycleMatrix(grpc::CallbackServerContext* context, const v1::GetLifecycleMatrixRequest* request,
                              v1::GetLifecycleMatrixResponse* response) override;
  Reactor* GetRfmMatrix(grpc::CallbackServerContext* context, const v1::GetRfmMatrixRequest* request,
                        v1::GetRfmMatrixResponse* response) override;
  Reactor* ListTransitions(grpc::CallbackServerContext* context, const v1::ListTransitionsRequest* request,
                           v1::ListTransitionsResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchTransitionsResponse>* WatchTransitions(
      grpc::CallbackServerContext* context, const v1::WatchTransitionsRequest* request) override;
  Reactor* ListReactivationCandidates(grpc::CallbackServerContext* context,
                                      const v1::ListReactivationCandidatesRequest* request,
                                      v1::ListReactivationCandidatesResponse* response) override;
  Reactor* ScoreRfm(grpc::CallbackServerContext* context, const v1::ScoreRfmRequest* request,
                    v1::ScoreRfmResponse* response) override;
  Reactor* ListRfmMembers(grpc::CallbackServerContext* context, const v1::ListRfmMembersRequest* request,
                          v1::ListRfmMembersResponse* response) override;
  Reactor* ListRuns(grpc::CallbackServerContext* context, const v1::ListRunsRequest* request,
                    v1::ListRunsResponse* response) override;
  Reactor* GetCohortReport(grpc::CallbackServerContext* context, const v1::GetCohortReportRequest* request,
                           v1::GetCohortReportResponse* response) override;
  Reactor* VerifyStatistics(grpc::CallbackServerContext* context, const v1::VerifyStatisticsRequest* request,
                            v1::VerifyStatisticsResponse* response) override;

 private:
  // A report over all members as of a day that may be empty: `read(session, snapshot, day) -> Status`.
  template <typename Read>
  Reactor* HandleReport(grpc::CallbackServerContext* context, std::string_view method, const std::string& date,
                        Read read) {
    const auto snapshot = deps_.snapshots.Newest();
    const auto day = ReportDay("as_of_date", date, *snapshot, deps_.clock());
    return HandleLongRead(
        context, method, deps_,
        [snapshot, day](const CallContext&) -> Status {
          if (!day) return day.error();
          if (!snapshot->measure) return NotClassified();
          return Ok{};
        },
        [snapshot, day, read](storage::Session& session) { return read(session, *snapshot, *day); });
  }

  const Deps& deps_;
};

// The members of a window, one by one. False: nobody waits for the call any more, and some were not read. Throws
// storage::Failure.
template <typename Take>
bool ReadMembers(const grpc::CallbackServerContext& context, storage::Session& session,
                 const storage::DayWindow& window, const Take& take) {
  const auto go_on = [&context] { return !context.IsCancelled(); };
  const auto take_one = [&take](std::int64_t, std::span<const retention::MemberDay> days) {
    take(days);
    return true;
  };
  storage::ReadPurchaseDays(session, window, 0, take_one, {.go_on = go_on});
  return go_on();
}

}  // namespace loyalty
