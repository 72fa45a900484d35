#include "services/grpc/interceptor.h"

#include <grpc/grpc.h>
#include <grpcpp/server_context.h>

#include <chrono>

#include "services/catalogue/snapshot.h"
#include "services/rpc/auth.h"

namespace loyalty {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

// The method as metrics know it. Whoever calls something else, with a key or without, adds no line to them.
std::string LabelOf(std::string_view path) {
  if (path == "/grpc.health.v1.Health/Check" || path == "/grpc.health.v1.Health/Watch" ||
      path == "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
    return std::string(path);
  const auto slash = path.rfind('/');
  if (slash != std::string_view::npos && slash > 0) {
    const std::string name = std::string(path.substr(1, slash - 1)) + "." + std::string(path.substr(slash + 1));
    if (FindMethod(name) != nullptr) return std::string(path);
  }
  return "/unknown/unknown";
}

// As go-grpc-prometheus names them.
const char* TypeName(grpc::experimental::ServerRpcInfo::Type type) {
  switch (type) {
    case grpc::experimental::ServerRpcInfo::Type::UNARY: return "unary";
    case grpc::experimental::ServerRpcInfo::Type::CLIENT_STREAMING: return "client_stream";
    case grpc::experimental::ServerRpcInfo::Type::SERVER_STREAMING: return "server_stream";
    case grpc::experimental::ServerRpcInfo::Type::BIDI_STREAMING: return "bidi_stream";
  }
  return "unary";
}

class CallInterceptor final : public grpc::experimental::Interceptor {
 public:
  CallInterceptor(grpc::experimental::ServerRpcInfo* info, const Deps& deps, Metrics& metrics, CallLimits& limits)
      : info_(info),
        method_(info->method()),
        deps_(deps),
        metrics_(metrics),
        lines_(metrics.Of(LabelOf(method_), TypeName(info->type()))),
        limits_(limits),
        peer_(info->server_context()->peer()),
        has_room_(limits.Begin(peer_)) {}
  ~CallInterceptor() override {
    if (has_room_) limits_.End(peer_);
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      lines_.Started();
      if (!has_room_) {
        metrics_.RefusedForRoom();
        Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls at once");
      } else if (!MayGoOn(*methods)) {
        metrics_.Refused(Reason::kUnauthenticated);
        Refuse(grpc::StatusCode::UNAUTHENTICATED, "a valid key is needed: authorization: Bearer KEY");
      }
    }
    // A stream that ends reads nothing as its last message.
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) &&
        methods->GetRecvMessage() != nullptr)
      lines_.Received();
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) lines_.Sent();
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto code = refused_ != grpc::StatusCode::OK ? refused_ : methods->GetSendStatus().error_code();
      lines_.Handled(code, Seconds());
    }
    methods->Proceed();
  }

 private:
  bool IsOwn(std::string_view prefix) const { return method_.compare(0, prefix.size(), prefix) == 0; }

  bool MayGoOn(InterceptorBatchMethods& methods) const {
    if (IsOwn("/loyalty.v1.") || IsOwn("/grpc.health.v1.")) return true;
    const auto* metadata = methods.GetRecvInitialMetadata();
    const auto key = metadata->find("authorization");
    if (key == metadata->end()) return false;
    return Authenticate(*deps_.snapshots.Newest(), {key->second.data(), key->second.size()}, deps_.clock()).has_value();
  }

  // An interceptor cannot answer, and TryCancel would say CANCELLED; the call itself can be ended with a code.
  void Refuse(grpc::StatusCode code, const char* why) {
    refused_ = code;
    grpc_call_cancel_with_status(info_->server_context()->c_call(), static_cast<grpc_status_code>(code), why, nullptr);
  }

  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  grpc::experimental::ServerRpcInfo* info_;
  std::string method_;
  const Deps& deps_;
  Metrics& metrics_;
  MethodMetrics& lines_;
  CallLimits& limits_;
  std::string peer_;
  bool has_room_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  grpc::StatusCode refused_ = grpc::StatusCode::OK;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(const Deps& deps, Metrics& metrics, CallLimits& limits) : deps_(deps), metrics_(metrics), limits_(limits) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return new CallInterceptor(info, deps_, metrics_, limits_);
  }

 private:
  const Deps& deps_;
  Metrics& metrics_;
  CallLimits& limits_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors(const Deps& deps,
                                                                                        Metrics& metrics,
                                                                                        CallLimits& limits) {
  return std::make_unique<Factory>(deps, metrics, limits);
}

}  // namespace loyalty
