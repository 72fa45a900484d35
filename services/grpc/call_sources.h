// Where a call of gRPC comes from.
#pragma once

#include <grpcpp/server_context.h>

#include <optional>
#include <vector>

#include "services/queue/deps.h"
#include "services/rpc/auth.h"
#include "services/rpc/call_limits.h"
#include "services/rpc/network.h"

namespace loyalty {

// Thread safe.
class CallSources {
 public:
  // `trusted`: proxies whose X-Forwarded-For is believed. `deps` outlives it.
  CallSources(const Deps& deps, std::vector<Network> trusted) : deps_(deps), trusted_(std::move(trusted)) {}

  CallSource Of(const grpc::ServerContextBase& context) const;
  // Nothing: it has no valid key.
  std::optional<Caller> CallerOf(const grpc::ServerContextBase& context) const;

 private:
  const Deps& deps_;
  const std::vector<Network> trusted_;
};

}  // namespace loyalty
