// Calls that answer again and again, until what they watch ends or nobody listens any more.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>
#include <utility>

#include "services/read_workers.h"
#include "services/rpc/request.h"
#include "services/rpc/status.h"

namespace loyalty {

// What a look at the watched found.
enum class Sight : std::uint8_t { kNothing, kMessage, kLast };

// How often a watcher looks.
inline constexpr Instant kWatchInterval = kSecond / 2;

// `look(session, response)` runs on a reading thread, never twice at a time, and fills the response unless it says
// kNothing. The caller's right is checked before each look: a key that is revoked stops working on an open call too.
template <typename Response>
class Watch final : public grpc::ServerWriteReactor<Response> {
 public:
  using Look = std::function<Result<Sight>(storage::Session& session, Response& response)>;

  Watch(const Deps& deps, const grpc::CallbackServerContext& context, std::string method, Look look)
      : deps_(deps), context_(context), method_(std::move(method)), look_(std::move(look)) {
    Next();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return this->Finish(grpc::Status::CANCELLED);
    Next();
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    deps_.reads.Start({[this](storage::Session& session) { return Run(session); },
                       [this](const Error& error) { this->Finish(ToGrpc(error)); }, DeadlineHere()});
  }

  // Without a deadline of the caller's it watches for as long as the connection lives.
  Instant DeadlineHere() const {
    return context_.deadline() == std::chrono::system_clock::time_point::max() ? kNever : deps_.clock() + Left();
  }
  Instant Left() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(context_.deadline() - std::chrono::system_clock::now())
        .count();
  }

  bool Run(storage::Session& session) {
    if (context_.IsCancelled()) {
      this->Finish(grpc::Status::CANCELLED);
      return true;
    }
    const Instant now = deps_.clock();
    if (now < next_look_) return false;
    const auto call = EnterCall(context_, method_, deps_);
    const auto sight = call ? look_(session, response_) : Result<Sight>(call.error());
    if (!sight) {
      this->Finish(ToGrpc(sight.error()));
      return true;
    }
    switch (*sight) {
      case Sight::kNothing: next_look_ = now + kWatchInterval; return false;
      case Sight::kMessage: this->StartWrite(&response_); return true;
      case Sight::kLast: this->StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK); return true;
    }
    return true;
  }

  const Deps& deps_;
  const grpc::CallbackServerContext& context_;
  const std::string method_;
  const Look look_;
  Response response_;
  Instant next_look_ = 0;
};

}  // namespace loyalty
