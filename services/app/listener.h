// A port on which gRPC is spoken: which services it has, and who is taken in.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

#include "services/app/acceptor.h"
#include "services/grpc/interceptor.h"
#include "services/rpc/methods.h"

namespace loyalty {

struct ListenerPlan {
  std::string flag;     // by which it was asked for
  std::string address;  // HOST:PORT
  std::shared_ptr<grpc::ServerCredentials> credentials;
  AcceptorLimits limits;
  const std::vector<Methods>& services;
  bool administration;  // also reflection, and whatever else is registered with gRPC
};

// Shut down by its destructor too. What it is made with outlives it.
class Listener {
 public:
  // Binds; nobody is taken before Start. Errors: kInvalidArgument (the address), kInternal (the port is taken).
  static Result<std::unique_ptr<Listener>> Make(const ListenerPlan& plan, const Deps& deps, const CallSources& sources,
                                                Metrics& metrics, SilentStreams& silent);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void Start();
  // Takes nobody any more; health says so.
  void Close();
  // Lets calls that have begun end until then, ends the others, and waits for it.
  void Shutdown(std::chrono::system_clock::time_point until);

  // Where it listens, with the port that it got.
  std::string address() const;
  // Memory of large requests.
  std::size_t request_bytes() const { return calls_.bytes(); }
  // To grpc.health.v1.
  void Tell(const std::string& service, bool serves) {
    server_->GetHealthCheckService()->SetServingStatus(service, serves);
  }

 private:
  Listener(const CallSources& sources, Metrics& metrics, SilentStreams& silent, bool administration)
      : doors_{sources,
               metrics,
               calls_,
               refusals_,
               [this](const std::string& connection) { acceptor_->HangUp(connection); },
               silent,
               administration} {}

  CallLimits calls_;
  Refusals refusals_;
  const Doors doors_;
  std::string host_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace loyalty
