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

// A watcher that has nothing to tell for so long says that it is still there: proxies take a stream on which nothing
// travels for a minute for dead (nginx: grpc_read_timeout 60s), some after 30 s.
inline constexpr Instant kWatchSilenceMax = 10 * kSecond;

// `look(session, response)` runs on a reading thread, never twice at a time. It fills the response; with kNothing it
// leaves there what may be sent to say no more than that the watcher is there, which everybody who watches must be able
// to ignore. The caller's right is checked before each look: a key that is revoked stops working on an open call too.
template <typename Response>
class Watch final : public Stream {
 public:
  using Look = std::function<Result<Sight>(storage::Session& session, Response& response)>;

  Watch(StreamWire& wire, Look look) : wire_(wire), look_(std::move(look)), last_told_(wire.deps().clock()) {
    if (const auto caller = MayCall(wire.origin(), wire.method(), wire.deps())) principal_ = caller->principal_id;
    Next();
  }

  void OnRead(bool) override {}
  void OnWritten(bool ok) override {
    if (!ok) return wire_.FinishCancelled();
    Next();
  }

 private:
  void Next() {
    wire_.deps().reads.Start({[this](storage::Session& session) { return Run(session); },
                              [this](const Error& error) { wire_.Finish(error); }, DeadlineHere(), kNever, 0,
                              principal_});
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
      case Sight::kNothing:
        next_look_ = now + kWatchInterval;
        if (now - last_told_ < kWatchSilenceMax) return false;
        [[fallthrough]];
      case Sight::kMessage:
        last_told_ = now;
        wire_.Write(response_);
        return true;
      case Sight::kLast: wire_.WriteAndFinish(response_); return true;
    }
    return true;
  }

  StreamWire& wire_;
  const Look look_;
  std::int64_t principal_ = 0;
  Response response_;
  Instant next_look_ = 0;
  Instant last_told_;
};

}  // namespace loyalty
