// Streams that were opened and on which nothing was said yet.
#pragma once

#include <grpc/grpc.h>

#include <functional>
#include <mutex>
#include <unordered_map>

#include "domain/time.h"
#include "services/catalogue/periodic.h"

namespace loyalty {

// Whoever opens a stream keeps a place; who has nothing to say can open it later. Looks once a second, and ends those
// of which nothing was heard for kMax with DEADLINE_EXCEEDED. Thread safe.
class SilentStreams {
 public:
  static constexpr Instant kMax = 30 * kSecond;

  explicit SilentStreams(std::function<Instant()> clock) : clock_(std::move(clock)) {}

  ~SilentStreams();
  SilentStreams(const SilentStreams&) = delete;
  SilentStreams& operator=(const SilentStreams&) = delete;

  // A stream that waits for its first message. Keeps a reference to the call until Heard, or until it has ended it.
  void Opened(grpc_call* call);
  // Its first message is there, or it is over. Safe to repeat.
  void Heard(grpc_call* call);

 private:
  void Look();

  const std::function<Instant()> clock_;
  std::mutex mutex_;                                             // guards opened_
  std::unordered_map<grpc_call*, Instant> opened_;               // when
  Periodic looks_{std::chrono::seconds(1), [this] { Look(); }};  // the last member: it uses the others
};

}  // namespace loyalty
