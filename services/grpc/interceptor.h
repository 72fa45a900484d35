// What every call passes, also those of services that are not ours: limits, metrics, and a key for reflection.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "services/grpc/metrics.h"
#include "services/queue/deps.h"
#include "services/rpc/call_limits.h"

namespace loyalty {

// Our own services guard themselves; health is open to everybody; whatever else is registered (reflection) needs any
// valid key. `deps`, `metrics` and `limits` outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors(const Deps& deps,
                                                                                        Metrics& metrics,
                                                                                        CallLimits& limits);

}  // namespace loyalty
