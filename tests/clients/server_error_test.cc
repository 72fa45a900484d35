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
    return MessageOf({grpc::StatusCode::INVALID_ARGUMENT, "", std::move(text), std::move(violations), {}});
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

TEST(ServerError, ExitCodesTellRefusedFromUnreachable) {
  const auto code = [](grpc::StatusCode status) { return ToFailure(Explain(grpc::Status(status, "")), "x").code; };
  EXPECT_EQ(code(grpc::StatusCode::UNAVAILABLE), ExitCode::kUnreachable);
  EXPECT_EQ(code(grpc::StatusCode::DEADLINE_EXCEEDED), ExitCode::kUnreachable);
  EXPECT_EQ(code(grpc::StatusCode::RESOURCE_EXHAUSTED), ExitCode::kUnreachable);
  EXPECT_EQ(code(grpc::StatusCode::FAILED_PRECONDITION), ExitCode::kRefused);
  EXPECT_EQ(code(grpc::StatusCode::UNAUTHENTICATED), ExitCode::kRefused);
  EXPECT_EQ(code(grpc::StatusCode::INTERNAL), ExitCode::kRefused);
}

TEST(ServerError, AnIdIsKeptWhileItsOutcomeIsUnknown) {
  const auto unknown = [](grpc::StatusCode status) { return OutcomeUnknown(Explain(grpc::Status(status, ""))); };
  EXPECT_TRUE(unknown(grpc::StatusCode::UNAVAILABLE));
  EXPECT_TRUE(unknown(grpc::StatusCode::DEADLINE_EXCEEDED));
  EXPECT_TRUE(unknown(grpc::StatusCode::INTERNAL));
  EXPECT_TRUE(unknown(grpc::StatusCode::UNAUTHENTICATED));
  EXPECT_FALSE(unknown(grpc::StatusCode::FAILED_PRECONDITION));
  EXPECT_FALSE(unknown(grpc::StatusCode::INVALID_ARGUMENT));
  EXPECT_FALSE(unknown(grpc::StatusCode::ALREADY_EXISTS));
}

TEST(ServerError, WhatHasAReasonWasNotCutOnTheWay) {
  const auto cut = [](grpc::StatusCode code) { return WasCutOnTheWay(Explain(grpc::Status(code, "RST_STREAM"))); };
  EXPECT_TRUE(cut(grpc::StatusCode::INTERNAL));
  EXPECT_TRUE(cut(grpc::StatusCode::UNKNOWN));
  EXPECT_FALSE(cut(grpc::StatusCode::PERMISSION_DENIED));
  EXPECT_FALSE(WasCutOnTheWay({grpc::StatusCode::INTERNAL, "INTERNAL", "our server failed", {}, {}}));
}

}  // namespace
}  // namespace loyalty::client
