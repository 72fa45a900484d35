// Calls that answer again and again, until what they watch ends or nobody listens any more.
#pragma once

#include <functional>
#include <utility>

#include "services/queue/read_workers.h"
#include "services/rpc/wire.h"

namespace loyalty {

// What a look at the watched found.
enum class Sight : std::uint8_t { kNothing, kMessage, kLast };

// How often a watcher looks.
inline constexpr Instant kWatchInterval = kSecond / 2;

// `look(session, response)` runs on a reading thread, never twice at a time, and fills the response unless it says
// kNothing. The caller's right is checked before each look: a key that is revoked stops working on an open call too.
template <typename Response>
class Watch final : public Stream {
 public:
  using Look = std::function<Result<Sight>(storage::Session& session, Response& response)>;

  Watch(StreamWire& wire, Look look) : wire_(wire), look_(std::move(look)) { Next(); }

  void OnRead(bool) override {}
  void OnWritten(bool ok) override {
    if (!ok) return wire_.FinishCancelled();
    Next();
  }

 private:
  void Next() {
    wire_.deps().reads.Start({[this](storage::Session& session) { return Run(session); },
                              [this](const Error& error) { wire_.Finish(error); }, DeadlineHere()});
  }

  // Without a deadline of the caller's it watches for as long as the connection lives.
  Instant DeadlineHere() const {
    const auto left = wire_.origin().time_left;
    return left ? wire_.deps().clock() + *left : kNever;
  }

  bool Run(storage::Session& session) {
    if (wire_.IsCancelled()) {
      wire_.FinishCancelled();
      return true;
    }
    const Instant now = wire_.deps().clock();
    if (now < next_look_) return false;
    const auto call = EnterCall(wire_.origin(), wire_.method(), wire_.deps());
    const auto sight = call ? look_(session, response_) : Result<Sight>(call.error());
    if (!sight) {
      wire_.Finish(sight.error());
      return true;
    }
    switch (*sight) {
      case Sight::kNothing: next_look_ = now + kWatchInterval; return false;
      case Sight::kMessage: wire_.Write(response_); return true;
      case Sight::kLast: wire_.WriteAndFinish(response_); return true;
    }
    return true;
  }

  StreamWire& wire_;
  const Look look_;
  Response response_;
  Instant next_look_ = 0;
};

}  // namespace loyalty
