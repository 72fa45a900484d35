// The way to a caller, whatever the transport: no gRPC in it.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <string_view>

#include "services/queue/ended_call.h"
#include "services/rpc/request.h"

namespace loyalty {

// What a call came by. Its handler finishes it, once; from then on it may be gone, and its messages with it.
class Wire {
 public:
  // `deps` and `method` (the full name, as the table of roles has it) outlive it.
  Wire(const Deps& deps, std::string_view method) : deps_(deps), method_(method) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  const Deps& deps() const { return deps_; }
  std::string_view method() const { return method_; }

  virtual CallOrigin origin() const = 0;
  // What callers of one place have in common (NetworkOf); empty: not known.
  virtual std::string network() const { return {}; }
  // The caller hung up, or the server is being stopped: nobody waits any more.
  virtual bool IsCancelled() const = 0;

  virtual void Finish(const Status& status) = 0;
  virtual void FinishCancelled() = 0;

  // Tells Deps::on_end of something that began at `start`, if it failed or was slow; method and origin are those of
  // this call. Before it is finished.
  using TimePoint = std::chrono::steady_clock::time_point;
  void TellEnd(EndedCall ended, TimePoint start) const {
    ended.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const bool well = ended.error == nullptr && !ended.cancelled && ended.seconds < deps_.slow_seconds;
    if (well || !deps_.on_end) return;
    const CallOrigin from = origin();
    ended.method = method_;
    ended.authorization = from.authorization;
    ended.trace_parent = from.trace_parent;
    deps_.on_end(ended);
  }

 private:
  const Deps& deps_;
  const std::string_view method_;
};

// Of many answers, and maybe of many requests.
class StreamWire : public Wire {
 public:
  using Wire::Wire;

  // Bytes of the message that was read last, as it was sent.
  std::size_t read_bytes = 0;

  // One at a time each; the message stays until Stream::OnRead or OnWritten.
  virtual void Read(google::protobuf::Message& message) = 0;
  virtual void Write(const google::protobuf::Message& message) = 0;
  virtual void WriteAndFinish(const google::protobuf::Message& message) = 0;
};

// What handles a StreamWire. It is deleted when the wire is finished and nothing is under way on it.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  // False: the caller sends no more, or something else than a message.
  virtual void OnRead(bool ok) = 0;
  // False: nobody listens any more.
  virtual void OnWritten(bool ok) = 0;
};

}  // namespace loyalty
