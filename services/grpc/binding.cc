#include "services/grpc/binding.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>

#include <deque>
#include <stdexcept>

#include "services/grpc/messages.h"
#include "services/grpc/status.h"

namespace loyalty {
namespace {

using google::protobuf::Message;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;

// Trailing metadata of an answer that was given before.
constexpr const char* kReplayedKey = "replayed";

// gRPC hands out the bytes of a request as constant, but made them for nobody else.
bool ReadRequest(const ByteBuffer& bytes, Message& request) {
  return ReadMessage(const_cast<ByteBuffer&>(bytes), request);
}

// One request, one answer. Deletes itself when it is finished.
class UnaryCall final : public Call {
 public:
  static grpc::ServerUnaryReactor* Start(const Method& method, const Deps& deps, CallbackServerContext& context,
                                         const ByteBuffer& in, ByteBuffer& out) {
    auto* call = new UnaryCall(method, deps, context, out);
    auto* reactor = &call->reactor_;
    if (ReadRequest(in, *call->request_)) {
      Run(method, *call, *call->request_, *call->response_);
    } else {
      call->Finish(Unreadable());
    }
    return reactor;
  }

  CallOrigin origin() const override { return OriginOf(context_); }
  bool IsCancelled() const override { return context_.IsCancelled(); }

  void Finish(const Status& status) override {
    if (!status) return End(ToGrpc(status));
    if (replayed) context_.AddTrailingMetadata(kReplayedKey, "true");
    End(WriteMessage(*response_, out_));
  }
  void FinishCancelled() override { End(grpc::Status::CANCELLED); }

 private:
  UnaryCall(const Method& method, const Deps& deps, CallbackServerContext& context, ByteBuffer& out)
      : Call(deps, method.name),
        context_(context),
        reactor_(*context.DefaultReactor()),
        out_(out),
        request_(method.request->New()),
        response_(method.response->New()) {}

  void End(grpc::Status status) {
    auto& reactor = reactor_;
    delete this;
    reactor.Finish(std::move(status));
  }

  CallbackServerContext& context_;
  grpc::ServerUnaryReactor& reactor_;  // of gRPC
  ByteBuffer& out_;
  const std::unique_ptr<Message> request_;
  const std::unique_ptr<Message> response_;
};

// Many answers, and with a reactor that reads many requests. Deletes itself, as gRPC says when.
template <typename Reactor>
class StreamCall final : public Reactor, public StreamWire {
 public:
  StreamCall(const Method& method, const Deps& deps, CallbackServerContext& context, const ByteBuffer* request)
      : StreamWire(deps, method.name), context_(context), request_(method.request->New()) {
    if (request == nullptr || ReadRequest(*request, *request_)) {
      stream_ = method.open(*this, *request_);
    } else {
      Reactor::Finish(ToGrpc(Unreadable()));
    }
  }

  CallOrigin origin() const override { return OriginOf(context_); }
  bool IsCancelled() const override { return context_.IsCancelled(); }

  void Read(Message& message) override {
    if constexpr (requires { this->StartRead(&in_); }) {
      reading_ = &message;
      this->StartRead(&in_);
    }
  }
  void Write(const Message& message) override {
    if (const auto status = WriteMessage(message, out_); !status.ok()) return Reactor::Finish(status);
    this->StartWrite(&out_);
  }
  void WriteAndFinish(const Message& message) override {
    if (const auto status = WriteMessage(message, out_); !status.ok()) return Reactor::Finish(status);
    this->StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void Finish(const Status& status) override { Reactor::Finish(ToGrpc(status)); }
  void FinishCancelled() override { Reactor::Finish(grpc::Status::CANCELLED); }

  // Of gRPC.
  void OnReadDone(bool ok) { stream_->OnRead(ok && ReadMessage(in_, *reading_)); }
  void OnWriteDone(bool ok) override { stream_->OnWritten(ok); }
  void OnDone() override { delete this; }

 private:
  CallbackServerContext& context_;
  const std::unique_ptr<Message> request_;
  std::unique_ptr<Stream> stream_;  // nothing: the request could not be read
  Message* reading_ = nullptr;
  ByteBuffer in_;
  ByteBuffer out_;
};

grpc::internal::MethodHandler* NewHandler(const Method& method, const Deps& deps) {
  if (method.handle)
    return new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
        [&method, &deps](CallbackServerContext* context, const ByteBuffer* in, ByteBuffer* out) {
          return UnaryCall::Start(method, deps, *context, *in, *out);
        });
  if (method.reads_many)
    return new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
        [&method, &deps](CallbackServerContext* context) {
          return new StreamCall<grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>>(method, deps, *context, nullptr);
        });
  return new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
      [&method, &deps](CallbackServerContext* context, const ByteBuffer* request) {
        return new StreamCall<grpc::ServerWriteReactor<ByteBuffer>>(method, deps, *context, request);
      });
}

class Service final : public grpc::Service {
 public:
  Service(const Methods& methods, const Deps& deps) {
    using grpc::internal::RpcMethod;
    int index = 0;
    for (const Method& method : methods) {
      const auto dot = method.name.rfind('.');
      paths_.push_back("/" + std::string(method.name.substr(0, dot)) + "/" + std::string(method.name.substr(dot + 1)));
      const auto type = method.handle       ? RpcMethod::NORMAL_RPC
                        : method.reads_many ? RpcMethod::BIDI_STREAMING
                                            : RpcMethod::SERVER_STREAMING;
      AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
      MarkMethodRawCallback(index++, NewHandler(method, deps));
    }
  }

 private:
  std::deque<std::string> paths_;  // gRPC keeps pointers
};

}  // namespace

std::unique_ptr<grpc::Service> BindService(const Methods& methods, const Deps& deps) {
  return std::make_unique<Service>(methods, deps);
}

}  // namespace loyalty
