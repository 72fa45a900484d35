#include "services/grpc/binding.h"

#include <google/protobuf/arena.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/message_allocator.h>

#include <array>
#include <cstddef>
#include <deque>
#include <stdexcept>

#include "services/grpc/messages.h"
#include "services/grpc/status.h"

namespace loyalty {
namespace {

using google::protobuf::Message;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;

// Messages of a call that have room here cost no further allocation: a scan of ten lines and its answer do.
constexpr std::size_t kBlock = 4'096;
// Trailing metadata of an answer that was given before.
constexpr const char* kReplayedKey = "replayed";

// gRPC hands out the bytes of a request as constant, but made them for nobody else.
bool ReadRequest(const ByteBuffer& bytes, Message& request) {
  return ReadMessage(const_cast<ByteBuffer&>(bytes), request);
}

Error TooLarge() {
  return Error{Reason::kQueueFull, "too many large requests at once; send the same request again a little later", {}};
}

// The memory of a call's only request among that of all others, when it is large.
class HeldRequest {
 public:
  explicit HeldRequest(const Memory& memory) : memory_(memory) {}
  ~HeldRequest() {
    if (bytes_ > 0) memory_.limits.Release(source_, bytes_);
  }
  HeldRequest(const HeldRequest&) = delete;
  HeldRequest& operator=(const HeldRequest&) = delete;

  // Once. `sent`: its bytes on the way here. False: it does not fit.
  bool Hold(const CallbackServerContext& context, const Message& request, std::size_t sent) {
    if (sent <= kSmall) return true;
    CallSource source = memory_.sources.Of(context);
    const std::size_t bytes = request.SpaceUsedLong();
    if (!memory_.limits.Hold(source, bytes)) return false;
    source_ = std::move(source);
    bytes_ = bytes;
    return true;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  // Not worth a look: the number of calls is limited too.
  static constexpr std::size_t kSmall = 2'048;

  const Memory& memory_;
  CallSource source_;
  std::size_t bytes_ = 0;
};

// One request, one answer. gRPC makes it before it reads the request (Calls) and releases it when the call is over: on
// a thread of its own, not on that of the write path, which finishes the call.
class UnaryCall final : public Call, public grpc::MessageHolder<ByteBuffer, ByteBuffer> {
 public:
  UnaryCall(const Method& method, const Deps& deps, const Memory& memory)
      : Call(deps, method.name),
        bound_(method),
        memory_(memory),
        held_(memory),
        arena_(block_.data(), block_.size()),
        in_(method.request->New(&arena_)),
        out_(method.response->New(&arena_)) {
    set_request(&in_bytes_);
    set_response(&out_bytes_);
  }

  grpc::ServerUnaryReactor* Start(CallbackServerContext& context) {
    context_ = &context;
    auto* reactor = reactor_ = context.DefaultReactor();
    const std::size_t sent = in_bytes_.Length();
    if (!ReadMessage(in_bytes_, *in_)) {
      Finish(Unreadable());
    } else if (!held_.Hold(context, *in_, sent)) {
      Finish(TooLarge());
    } else {
      request_bytes = held_.bytes();
      Run(bound_, *this, *in_, *out_);
    }
    return reactor;
  }

  CallOrigin origin() const override { return OriginOf(*context_, memory_.sources); }
  std::string network() const override { return memory_.sources.NetworkOf(*context_); }
  bool IsCancelled() const override { return context_->IsCancelled(); }

  void Finish(const Status& status) override {
    TellEnd({.request = in_, .error = status ? nullptr : &status.error()}, start_);
    if (!status) return reactor_->Finish(ToGrpc(status, SpokenTo(origin(), *this, deps())));
    if (replayed) context_->AddTrailingMetadata(kReplayedKey, "true");
    reactor_->Finish(WriteMessage(*out_, out_bytes_));
  }
  void FinishCancelled() override {
    TellEnd({.request = in_, .cancelled = true}, start_);
    reactor_->Finish(grpc::Status::CANCELLED);
  }

  void Release() override { delete this; }

 private:
  const Method& bound_;
  const Memory& memory_;
  const TimePoint start_ = std::chrono::steady_clock::now();
  HeldRequest held_;
  CallbackServerContext* context_ = nullptr;
  grpc::ServerUnaryReactor* reactor_ = nullptr;               // of gRPC
  alignas(std::max_align_t) std::array<char, kBlock> block_;  // of the arena, before it
  google::protobuf::Arena arena_;
  Message* const in_;
  Message* const out_;
  ByteBuffer in_bytes_;
  ByteBuffer out_bytes_;
};

class Calls final : public grpc::MessageAllocator<ByteBuffer, ByteBuffer> {
 public:
  Calls(const Method& method, const Deps& deps, const Memory& memory) : method_(method), deps_(deps), memory_(memory) {}
  grpc::MessageHolder<ByteBuffer, ByteBuffer>* AllocateMessages() override {
    return new UnaryCall(method_, deps_, memory_);
  }

 private:
  const Method& method_;
  const Deps& deps_;
  const Memory& memory_;
};

// Many answers, and with a reactor that reads many requests. Deletes itself, as gRPC says when.
template <typename Reactor>
class StreamCall final : public Reactor, public StreamWire {
 public:
  StreamCall(const Method& method, const Deps& deps, const Memory& memory, CallbackServerContext& context,
             const ByteBuffer* request)
      : StreamWire(deps, method.name),
        context_(context),
        memory_(memory),
        request_(method.request->New()),
        held_(memory) {
    const std::size_t sent = request == nullptr ? 0 : request->Length();
    if (request != nullptr && !ReadRequest(*request, *request_)) {
      Finish(Unreadable());
    } else if (!held_.Hold(context, *request_, sent)) {
      Finish(TooLarge());
    } else {
      stream_ = Open(method, *this, *request_);
    }
  }

  CallOrigin origin() const override { return OriginOf(context_, memory_.sources); }
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
  // How long it was open says nothing: only what was refused is told.
  void Finish(const Status& status) override {
    if (!status) TellEnd({.request = request_.get(), .error = &status.error()}, start_);
    Reactor::Finish(ToGrpc(status, SpokenTo(origin(), {}, deps())));
  }
  void FinishCancelled() override { Reactor::Finish(grpc::Status::CANCELLED); }

  // Of gRPC.
  void OnReadDone(bool ok) {
    read_bytes = ok ? in_.Length() : 0;
    stream_->OnRead(ok && ReadMessage(in_, *reading_));
  }
  void OnWriteDone(bool ok) override { stream_->OnWritten(ok); }
  void OnDone() override { delete this; }

 private:
  const Wire::TimePoint start_ = std::chrono::steady_clock::now();
  CallbackServerContext& context_;
  const Memory& memory_;
  const std::unique_ptr<Message> request_;
  HeldRequest held_;
  std::unique_ptr<Stream> stream_;  // nothing: refused
  Message* reading_ = nullptr;
  ByteBuffer in_;
  ByteBuffer out_;
};

grpc::internal::MethodHandler* NewUnaryHandler(Calls& calls) {
  auto* handler = new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
      [](CallbackServerContext* context, const ByteBuffer*, ByteBuffer*) {
        return static_cast<UnaryCall*>(context->GetRpcAllocatorState())->Start(*context);
      });
  handler->SetMessageAllocator(&calls);
  return handler;
}

grpc::internal::MethodHandler* NewStreamHandler(const Method& method, const Deps& deps, const Memory& memory) {
  if (method.reads_many)
    return new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>([&method, &deps,
                                                                            &memory](CallbackServerContext* context) {
      return new StreamCall<grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>>(method, deps, memory, *context, nullptr);
    });
  return new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
      [&method, &deps, &memory](CallbackServerContext* context, const ByteBuffer* request) {
        return new StreamCall<grpc::ServerWriteReactor<ByteBuffer>>(method, deps, memory, *context, request);
      });
}

class Service final : public grpc::Service {
 public:
  Service(const Methods& methods, const Deps& deps, const Memory& memory) : memory_(memory) {
    using grpc::internal::RpcMethod;
    int index = 0;
    for (const Method& method : methods) {
      paths_.push_back(PathOf(method.name));
      const auto type = method.handle       ? RpcMethod::NORMAL_RPC
                        : method.reads_many ? RpcMethod::BIDI_STREAMING
                                            : RpcMethod::SERVER_STREAMING;
      AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
      if (method.handle) calls_.emplace_back(method, deps, memory_);
      MarkMethodRawCallback(index++,
                            method.handle ? NewUnaryHandler(calls_.back()) : NewStreamHandler(method, deps, memory_));
    }
  }

 private:
  const Memory memory_;
  std::deque<std::string> paths_;  // gRPC keeps pointers to both
  std::deque<Calls> calls_;
};

}  // namespace

std::string PathOf(std::string_view method) {
  const auto dot = method.rfind('.');
  return "/" + std::string(method.substr(0, dot)) + "/" + std::string(method.substr(dot + 1));
}

std::unique_ptr<grpc::Service> BindService(const Methods& methods, const Deps& deps, const Memory& memory) {
  return std::make_unique<Service>(methods, deps, memory);
}

}  // namespace loyalty
