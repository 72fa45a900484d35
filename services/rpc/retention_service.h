// The retention service, in two files: runs that are stored, and reads.
#pragma once

#include "loyalty/v1/retention_service.grpc.pb.h"
#include "retention/summary.h"
#include "services/rpc/call.h"
#include "storage/purchase_days.h"

namespace loyalty {

class RetentionService final : public v1::RetentionService::CallbackService {
 public:
  explicit RetentionService(const Deps& deps) : deps_(deps) {}

  Reactor* FitModels(grpc::CallbackServerContext* context, const v1::FitModelsRequest* request,
                     v1::FitModelsResponse* response) override;
  Reactor* BacktestModels(grpc::CallbackServerContext* context, const v1::BacktestModelsRequest* request,
                          v1::BacktestModelsResponse* response) override;
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
