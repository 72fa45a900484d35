#include "services/app/listener.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include "services/app/credentials.h"
#include "services/grpc/binding.h"

namespace loyalty {
namespace {

constexpr int kMessageMax = 1 << 20;      // a receipt of 500 lines has 60 kB
constexpr std::size_t kQuota = 64 << 20;  // buffers of all connections together

void Configure(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMessageMax);
  grpc::ResourceQuota quota("loyaltyd");
  quota.Resize(kQuota);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, CallLimits::kPerConnectionMax);
  // Handshake and hello; who says nothing must not be waited for.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // A till that lost its power is forgotten after this.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 120'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // A till that sells nothing for so long connects anew for its next sale.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 900'000);
  // Now and then clients connect anew, so that a new server gets its share.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 3'600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::Make(const ListenerPlan& plan, const Deps& deps, const CallSources& sources,
                                                 Metrics& metrics, SilentStreams& silent) {
  const auto listen = ParseHostPort(plan.flag, plan.address);
  if (!listen) return listen.error();
  std::unique_ptr<Listener> made(new Listener(sources, metrics, silent, plan.administration));
  made->host_ = plan.address.substr(0, plan.address.rfind(':'));
  grpc::ServerBuilder builder;
  Configure(builder);
  made->connections_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, plan.credentials);
  for (const Methods& methods : plan.services)
    made->services_.push_back(BindService(methods, deps, {sources, made->calls_}));
  for (const auto& service : made->services_) builder.RegisterService(service.get());
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(MakeInterceptors(made->doors_));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  made->server_ = builder.BuildAndStart();
  AcceptorLimits limits = plan.limits;
  limits.shuts_out = [refusals = &made->refusals_](const std::string& network) {
    return refusals->ShutsOut(network, Refusals::Clock::now());
  };
  auto acceptor = Acceptor::Listen(*listen, std::move(limits));
  if (!made->server_ || !acceptor)
    return Error{Reason::kInternal, "cannot listen on " + plan.address + ": is another program on this port?", {}};
  made->acceptor_ = *std::move(acceptor);
  return made;
}

Listener::~Listener() {
  if (!server_) return;
  if (acceptor_) acceptor_->Stop();
  Shutdown(std::chrono::system_clock::now());
}

void Listener::Start() { acceptor_->Start(std::move(connections_)); }

void Listener::Close() {
  server_->GetHealthCheckService()->SetServingStatus(false);
  acceptor_->Stop();
}

void Listener::Shutdown(std::chrono::system_clock::time_point until) {
  server_->Shutdown(until);
  server_->Wait();
}

std::string Listener::address() const { return host_ + ":" + std::to_string(acceptor_->port()); }

}  // namespace loyalty
