#include "services/grpc/interceptor.h"

#include <grpc/grpc.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <unordered_map>
#include <utility>

#include "services/grpc/binding.h"
#include "services/rpc/auth.h"

namespace loyalty {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

bool BeginsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

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

// What is known of a method before it is called.
struct KnownMethod {
  std::string label;                           // as metrics know it
  bool is_open = false;                        // to whoever has no key: health, and what our methods say of themselves
  std::atomic<MethodMetrics*> lines{nullptr};  // from its first call on

  MethodMetrics& Lines(Metrics& metrics, grpc::experimental::ServerRpcInfo::Type type) {
    MethodMetrics* known = lines;
    if (known == nullptr) lines = known = &metrics.Of(label, TypeName(type));
    return *known;
  }
};

// Of a listener. Whoever calls something that is not there, with a key or without, adds no line to metrics.
class KnownMethods {
 public:
  KnownMethods() {
    for (const MethodAccess& row : AccessTable()) Add(PathOf(row.method), row.anonymous);
    for (const char* path : {"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"}) Add(path, true);
    Add("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", false);
    unknown_.label = "/unknown/unknown";
  }

  // Lives as long as this.
  KnownMethod& Of(std::string_view path) {
    const auto at = by_path_.find(path);
    return at == by_path_.end() ? unknown_ : *at->second;
  }

 private:
  void Add(const std::string& path, bool is_open) {
    KnownMethod& method = methods_.emplace_back();
    method.label = path;
    method.is_open = is_open;
    by_path_.emplace(method.label, &method);
  }

  std::deque<KnownMethod> methods_;
  std::unordered_map<std::string_view, KnownMethod*> by_path_;
  KnownMethod unknown_;
};

// Of a caller without a key: a health check has a name in it, who enrols a till a code.
constexpr std::size_t kKeylessBytesMax = 4'096;

class CallInterceptor final : public grpc::experimental::Interceptor {
 public:
  CallInterceptor(grpc::experimental::ServerRpcInfo* info, const Doors& doors, KnownMethods& methods)
      : info_(info),
        method_(info->method()),
        known_(methods.Of(method_)),
        lines_(known_.Lines(doors.metrics, info->type())),
        doors_(doors),
        source_(doors.sources.Of(*info->server_context())),
        has_room_(doors.limits.Begin(source_)) {}
  ~CallInterceptor() override {
    Heard();
    if (has_room_) doors_.limits.End(source_);
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      lines_.Started();
      Admit(*methods);
    } else if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) {
      Heard();
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
  bool IsOurs() const { return BeginsWith(method_, "/loyalty.v1."); }
  bool IsOpenToAll() const { return known_.is_open; }

  // Channelz tells who else is connected.
  bool IsAdmin() const {
    const auto caller = doors_.sources.CallerOf(*info_->server_context());
    return caller && caller->role == Role::kAdmin;
  }

  // Of our services and of health the message is bytes.
  grpc::ByteBuffer* MessageOf(InterceptorBatchMethods& methods) const {
    if (!IsOurs() && !IsOpenToAll()) return nullptr;
    if (!methods.QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) return nullptr;
    return static_cast<grpc::ByteBuffer*>(methods.GetRecvMessage());
  }

  void Admit(InterceptorBatchMethods& methods) {
    grpc::ByteBuffer* message = MessageOf(methods);
    const bool has_key = source_.principal != 0;
    if (!has_room_) {
      doors_.metrics.RefusedForRoom();
      Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls at once");
    } else if (!IsOurs() && doors_.sources.CertificateOf(*info_->server_context()).revoked) {
      // Our own methods say it with its reason.
      doors_.metrics.Refused(Reason::kCertificateRevoked);
      Refuse(grpc::StatusCode::UNAUTHENTICATED, "the certificate of this client was revoked");
    } else if (!has_key && IsOpenToAll() && message != nullptr && message->Length() > kKeylessBytesMax) {
      Refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "too large a message without a key");
    } else if (!doors_.administration && !IsOpenToAll() && !IsOurs()) {
      Refuse(grpc::StatusCode::UNIMPLEMENTED, "there is no such method here");
    } else if (!has_key && !IsOpenToAll() && !IsOurs()) {
      doors_.metrics.Refused(Reason::kUnauthenticated);
      Refuse(grpc::StatusCode::UNAUTHENTICATED, "a valid key is needed: authorization: Bearer KEY");
    } else if (BeginsWith(method_, "/grpc.channelz.") && !IsAdmin()) {
      Refuse(grpc::StatusCode::PERMISSION_DENIED, "this key may not call this method");
    } else if (has_key && info_->type() == grpc::experimental::ServerRpcInfo::Type::BIDI_STREAMING) {
      silent_ = info_->server_context()->c_call();
      doors_.silent.Opened(silent_);
    }
    // Our own methods refuse by themselves who has no key.
    if (refused_ == grpc::StatusCode::OK && (has_key || !IsOurs() || IsOpenToAll())) return;
    if (doors_.refusals.Count(source_, Refusals::Clock::now())) doors_.hang_up(source_.connection);
    // Nobody works for somebody who is refused: the handler finds an empty request.
    if (message != nullptr) {
      const grpc::Slice nothing;
      *message = grpc::ByteBuffer(&nothing, 1);
    }
  }

  // An interceptor cannot answer, and TryCancel would say CANCELLED; the call itself can be ended with a code.
  void Refuse(grpc::StatusCode code, const char* why) {
    refused_ = code;
    grpc_call_cancel_with_status(info_->server_context()->c_call(), static_cast<grpc_status_code>(code), why, nullptr);
  }

  void Heard() {
    if (silent_ != nullptr) doors_.silent.Heard(std::exchange(silent_, nullptr));
  }

  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  grpc::experimental::ServerRpcInfo* info_;
  const std::string method_;
  KnownMethod& known_;
  MethodMetrics& lines_;
  const Doors& doors_;
  const CallSource source_;
  const bool has_room_;
  grpc_call* silent_ = nullptr;  // a stream of which nothing was heard yet
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  grpc::StatusCode refused_ = grpc::StatusCode::OK;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(const Doors& doors) : doors_(doors) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return new CallInterceptor(info, doors_, methods_);
  }

 private:
  const Doors doors_;
  KnownMethods methods_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors(const Doors& doors) {
  return std::make_unique<Factory>(doors);
}

}  // namespace loyalty
