// How a refusal travels: canonical code, text for people, and details for programs.
#pragma once

#include <grpcpp/support/status.h>

#include "domain/result.h"
#include "google/rpc/status.pb.h"

namespace loyalty {

// The canonical code of a reason.
grpc::StatusCode CodeOf(Reason reason);

// With exactly one ErrorInfo (reason, domain "loyalty", metadata); BadRequest when a field is at fault; RetryInfo when
// the same request may succeed soon.
google::rpc::Status ToRpcStatus(const Error& error);
// The same as gRPC carries it.
grpc::Status ToGrpc(const Error& error);

}  // namespace loyalty
