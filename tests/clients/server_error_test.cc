#include "clients/server_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace loyalty::client {
namespace {

TEST(ServerError, ReasonAndFieldsAreRead) {
  google::rpc::Status details;
  details.set_code(grpc::StatusCode::INVALID_ARGUMENT);
  google::rpc::ErrorInfo info;
  info.set_reason("INVALID_ARGUMENT");
  details.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  auto& violation = *bad.add_field_violations();
  violation.set_field("receipt.total_minor");
  violation.set_description("too large");
  details.add_details()->PackFrom(bad);
  const auto failure = ToFailure(
      Explain(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad request", details.SerializeAsString())), "scan");
  EXPECT_EQ(failure.code, ExitCode::kRefused);
  EXPECT_EQ(failure.what, "scan: INVALID_ARGUMENT: bad request; receipt.total_minor: too large");
}

TEST(ServerError, EachSentenceIsPrintedOnceWithItsField) {
  const auto message = [](std::string text, std::vector<ServerError::Violation> violations) {
    return MessageOf({grpc::StatusCode::INVALID_ARGUMENT, "", std::move(text), "", std::move(violations), {}});
  };
  EXPECT_EQ(message("terminal: required", {{"terminal", "terminal: required"}}), "terminal: required");
  EXPECT_EQ(message("terminal: required", {{"terminal", "required"}}), "terminal: required");
  EXPECT_EQ(message("only its own", {{"terminal", "only its own"}}), "terminal: only its own");
  EXPECT_EQ(message("", {{"a", "x"}, {"b", "b: y"}}), "a: x; b: y");
  EXPECT_EQ(message("bad", {{"", "x"}}), "bad; x");
  EXPECT_EQ(message("bad", {}), "bad");
}

TEST(ServerError, GarbageInTheDetailsIsNoReason) {
  const auto error = Explain(grpc::Status(grpc::StatusCode::NOT_FOUND, "gone", "\xFF\xFF garbage"));
  EXPECT_EQ(error.reason, "");
  EXPECT_EQ(ReasonOf(error), "NOT_FOUND");
  EXPECT_EQ(error.message, "gone");
}

// Without a reason nobody of ours has answered: what stands between makes up a code. With one:
// tests/services/grpc/status_test.cc.
TEST(ServerError, ACodeAloneTellsWhetherToTryAgainWhetherToKeepTheIdAndHowToEnd) {
  constexpr bool kAgain = true, kUnknown = true;
  const struct {
    grpc::StatusCode code;
    bool again, unknown, cut;
    ExitCode exit;
  } rows[] = {
      {grpc::StatusCode::CANCELLED, !kAgain, kUnknown, false, ExitCode::kUnreachable},
      {grpc::StatusCode::UNKNOWN, !kAgain, kUnknown, true, ExitCode::kRefused},
      {grpc::StatusCode::INVALID_ARGUMENT, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::DEADLINE_EXCEEDED, kAgain, kUnknown, false, ExitCode::kUnreachable},
      {grpc::StatusCode::NOT_FOUND, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::ALREADY_EXISTS, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::PERMISSION_DENIED, !kAgain, kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, kAgain, kUnknown, false, ExitCode::kUnreachable},
      {grpc::StatusCode::FAILED_PRECONDITION, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::ABORTED, kAgain, kUnknown, false, ExitCode::kUnreachable},
      {grpc::StatusCode::OUT_OF_RANGE, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::UNIMPLEMENTED, !kAgain, !kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::INTERNAL, !kAgain, kUnknown, true, ExitCode::kRefused},
      {grpc::StatusCode::UNAVAILABLE, kAgain, kUnknown, false, ExitCode::kUnreachable},
      {grpc::StatusCode::DATA_LOSS, !kAgain, kUnknown, false, ExitCode::kRefused},
      {grpc::StatusCode::UNAUTHENTICATED, !kAgain, kUnknown, false, ExitCode::kRefused},
  };
  ASSERT_EQ(std::size(rows), 16) << "gRPC has 16 codes beside OK";
  for (int i = 0; i < 16; ++i) {
    const auto& row = rows[i];
    ASSERT_EQ(row.code, i + 1) << "in their order";
    const ServerError error = Explain(grpc::Status(row.code, "RST_STREAM"));
    EXPECT_EQ(IsRetryable(error, true), row.again) << row.code;
    EXPECT_EQ(IsRetryable(error, false), row.again && row.code != grpc::StatusCode::DEADLINE_EXCEEDED) << row.code;
    EXPECT_EQ(OutcomeUnknown(error), row.unknown) << row.code;
    EXPECT_EQ(WasCutOnTheWay(error), row.cut) << row.code;
    EXPECT_EQ(ToFailure(error, "x").code, row.exit) << row.code;
  }
}

}  // namespace
}  // namespace loyalty::client
