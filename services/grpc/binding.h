// Our methods as gRPC knows a service.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "services/rpc/call_limits.h"
#include "services/rpc/methods.h"

namespace loyalty {

// `methods` (of one service), `deps` and `limits` outlive it.
std::unique_ptr<grpc::Service> BindService(const Methods& methods, const Deps& deps, CallLimits& limits);

}  // namespace loyalty
