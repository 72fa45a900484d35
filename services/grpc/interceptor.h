// What every call passes, also those of services that are not ours: limits, metrics, and a key.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <functional>
#include <memory>
#include <string>

#include "services/grpc/call_sources.h"
#include "services/grpc/metrics.h"
#include "services/grpc/silent_streams.h"
#include "services/rpc/call_limits.h"
#include "services/rpc/refusals.h"

namespace loyalty {

// What calls pass. All of it outlives the server.
struct Doors {
  const CallSources& sources;
  Metrics& metrics;
  CallLimits& limits;
  Refusals& refusals;
  // Ends a connection, as the transport names it; on any thread, at once or soon.
  std::function<void(const std::string& connection)> hang_up;
  SilentStreams& silent;
  bool administration;  // reflection and channelz are for these callers; else there is no such thing
};

// Every call is known by its headers: whoever has no valid key is counted apart, may send 4 kB, and is answered by
// methods that are open to everybody (health, and what is annotated so) only. Our own services refuse him themselves,
// without having read his message; whatever else is registered (reflection) needs any valid key, channelz an
// administrator's.
//
// gRPC hands over a call with one request only when it has read it: until then it is bounded by gRPC alone, and by the
// proxy in front (deploy/nginx.conf: client_body_timeout, limit_conn).
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors(const Doors& doors);

}  // namespace loyalty
