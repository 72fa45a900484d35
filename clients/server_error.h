// What a server says when it refuses: code, stable reason, fields at fault, when to come back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/failure.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "loyalty/v1/errors.pb.h"

namespace loyalty::client {

struct ServerError {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string reason;  // ErrorInfo.reason; empty when no server of ours has answered
  std::string message;
  std::string localized;  // for people, in their language; empty: nothing was said
  struct Violation {
    std::string field;
    std::string why;
  };
  std::vector<Violation> violations;
  std::optional<std::chrono::milliseconds> retry_delay;  // RetryInfo
};

// Reads google.rpc.Status out of an error: of a call, or of one answer of a stream.
ServerError Explain(const grpc::Status& status);
ServerError Explain(const google::rpc::Status& status);

// True when sending the same request again can help. DEADLINE_EXCEEDED leaves the outcome unknown: only a request with
// an id (`has_request_id`) may be sent again. NOT_AFTER_PASSED is a refusal although its code is the same.
bool IsRetryable(const ServerError& error, bool has_request_id);

// True when the request may have taken effect although its answer is lost: its id must be kept.
bool OutcomeUnknown(const ServerError& error);

// True when it is not our server that failed: a proxy that gives up a stream resets it, which gRPC shows as INTERNAL
// (or UNKNOWN), and what our server refuses or fails at has a reason.
bool WasCutOnTheWay(const ServerError& error);

// The reason, or the name of the code without one: what scripts and rejects files show.
std::string ReasonOf(const ServerError& error);

// What the server says, each sentence once, with the fields at fault: for people and rejects files.
std::string MessageOf(const ServerError& error);

// A reason of rejected[] as ErrorInfo would name it, for instance MEMBER_UNKNOWN; the number of one that is newer than
// this program.
std::string ReasonText(v1::ErrorReason reason);

// For the user. `doing` names what was tried, for instance "scan".
Failure ToFailure(const ServerError& error, std::string_view doing);

}  // namespace loyalty::client
