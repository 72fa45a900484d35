// TerminalService: the hot path.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "services/context.h"

namespace loyalty {

// The service; `deps` outlives it.
std::unique_ptr<grpc::Service> MakeTerminalService(const Deps& deps);

}  // namespace loyalty
