// Where a call of gRPC comes from.
#pragma once

#include <grpcpp/server_context.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/queue/deps.h"
#include "services/rpc/auth.h"
#include "services/rpc/call_limits.h"
#include "services/rpc/network.h"
#include "services/rpc/request.h"

namespace loyalty {

// Thread safe.
class CallSources {
 public:
  // What is true of a chain of certificates in PEM; on any thread.
  using Judge = std::function<ClientCertificate(const std::string& pem)>;

  // `trusted`: proxies whose X-Forwarded-For is believed, and their Ssl-Client-Cert. Without `judge` no certificate
  // says anything. `deps` outlives it.
  CallSources(const Deps& deps, std::vector<Network> trusted, Judge judge = {})
      : deps_(deps), trusted_(std::move(trusted)), judge_(std::move(judge)) {}

  CallSource Of(const grpc::ServerContextBase& context) const;
  // Of the caller's address; of what has none, its connection.
  std::string NetworkOf(const grpc::ServerContextBase& context) const;
  // Of the connection, or, where a trusted proxy ends TLS and that connection is its own, what the proxy has checked
  // and passes on. What a till writes into that header itself stays unread: it does not come from a proxy, or the
  // certificate of its connection names it.
  ClientCertificate CertificateOf(const grpc::ServerContextBase& context) const;
  // Nothing: it has no valid key.
  std::optional<Caller> CallerOf(const grpc::ServerContextBase& context) const;

 private:
  std::string NetworkOf(const std::string& connection, const grpc::ServerContextBase& context) const;

  const Deps& deps_;
  const std::vector<Network> trusted_;
  const Judge judge_;
};

}  // namespace loyalty
