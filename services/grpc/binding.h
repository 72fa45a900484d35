// Our methods as gRPC knows a service.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <string_view>

#include "services/grpc/call_sources.h"
#include "services/rpc/call_limits.h"
#include "services/rpc/methods.h"

namespace loyalty {

// How much memory the requests of a call may take, and whose it is. Both outlive the service.
struct Memory {
  const CallSources& sources;
  CallLimits& limits;
};

// How gRPC calls a method: `/loyalty.v1.TerminalService/Scan` for loyalty.v1.TerminalService.Scan.
std::string PathOf(std::string_view method);

// `methods` (of one service) and `deps` outlive it.
std::unique_ptr<grpc::Service> BindService(const Methods& methods, const Deps& deps, const Memory& memory);

}  // namespace loyalty
