// A refusal as gRPC carries it.
#pragma once

#include <grpcpp/support/status.h>

#include "domain/result.h"

namespace loyalty {

grpc::Status ToGrpc(const Status& status);

}  // namespace loyalty
