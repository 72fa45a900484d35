#include "clients/retry.h"

#include <gtest/gtest.h>

#include <vector>

#include "google/rpc/error_details.pb.h"

namespace loyalty::client {
namespace {

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason, int retry_seconds = 0) {
  google::rpc::Status status;
  status.set_code(code);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  status.add_details()->PackFrom(info);
  if (retry_seconds > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_seconds);
    status.add_details()->PackFrom(retry);
  }
  return {code, "text", status.SerializeAsString()};
}

TEST(Backoff, DoublesUpToItsMaximumWithJitter) {
  const RetryPolicy policy;
  EXPECT_EQ(Backoff(policy, 1, {}, 0.0), Milliseconds(50));
  EXPECT_EQ(Backoff(policy, 1, {}, 0.999), Milliseconds(99));
  EXPECT_EQ(Backoff(policy, 3, {}, 0.0), Milliseconds(200));
  EXPECT_EQ(Backoff(policy, 1000, {}, 0.0), policy.backoff_max / 2);
}

TEST(Backoff, NeverComesBackBeforeTheServerWantsItWithinReason) {
  const RetryPolicy policy;
  EXPECT_EQ(Backoff(policy, 1, Milliseconds(700), 0.5), Milliseconds(700));
  EXPECT_EQ(Backoff(policy, 1, Milliseconds(10'000'000), 0.5), policy.server_delay_max);
}

struct Case {
  const char* name;
  grpc::Status status;
  bool has_request_id;
  int attempts;
};

TEST(RetryLoop, RepeatsOnlyWhatIsSafeAndUseful) {
  const int all = RetryPolicy{}.attempts_max;
  const std::vector<Case> cases{
      {"away", {grpc::StatusCode::UNAVAILABLE, ""}, false, all},
      {"contention", Refusal(grpc::StatusCode::ABORTED, "CONTENTION"), true, all},
      {"full", Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "QUEUE_FULL"), true, all},
      {"asked too often", Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "LOOKUP_LIMIT"), true, 1},
      {"late, with an id", {grpc::StatusCode::DEADLINE_EXCEEDED, ""}, true, all},
      {"late, without", {grpc::StatusCode::DEADLINE_EXCEEDED, ""}, false, 1},
      {"too late", Refusal(grpc::StatusCode::DEADLINE_EXCEEDED, "NOT_AFTER_PASSED"), true, 1},
      {"poor", Refusal(grpc::StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_POINTS"), true, 1},
      {"wrong", {grpc::StatusCode::INVALID_ARGUMENT, ""}, true, 1},
      {"internal", {grpc::StatusCode::INTERNAL, ""}, true, 1},
      {"good", grpc::Status::OK, true, 1},
  };
  for (const auto& test : cases) {
    int attempts = 0;
    const auto status = RetryLoop(
        RetryPolicy{}, test.has_request_id, [](Milliseconds) {},
        [&] {
          ++attempts;
          return test.status;
        });
    EXPECT_EQ(attempts, test.attempts) << test.name;
    EXPECT_EQ(status.error_code(), test.status.error_code()) << test.name;
  }
}

TEST(RetryLoop, HonoursRetryInfoAndStopsAtSuccess) {
  std::vector<Milliseconds> slept;
  int attempts = 0;
  const auto status = RetryLoop(
      RetryPolicy{}, true, [&](Milliseconds time) { slept.push_back(time); },
      [&] {
        return ++attempts == 1 ? Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "QUEUE_FULL", 2) : grpc::Status::OK;
      });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(slept, std::vector<Milliseconds>{Milliseconds(2000)});
}

}  // namespace
}  // namespace loyalty::client
