// Who is refused so often that it is cheaper to hang up.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "services/rpc/call_limits.h"

namespace loyalty {

// gRPC makes a call of everything that looks like one, 16 bytes on the wire and some kilobytes here, before anybody can
// refuse it; what comes faster than it is refused is kept. So when more than kPerSecond calls of a network, or of a key
// from wherever, were refused within a second (for want of a key, or of room), the connection of each further one is
// ended, until none came for kShutOut; and so long nobody of that network is taken in. A till that waits before it
// tries again, as docs/INTEGRATION.md says, never comes near it. By a clock that nobody sets: one that is set back
// would shut out for as long. Thread safe.
class Refusals {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kPerSecond = 256;
  static constexpr std::chrono::seconds kShutOut{1};

  // One more call was refused. True: that is too many, hang up.
  bool Count(const CallSource& source, Clock::time_point now);
  // Whether nobody from there is taken in.
  bool ShutsOut(const std::string& network, Clock::time_point now);

 private:
  struct Refused {
    int calls = 0;            // within the second
    Clock::time_point until;  // shut out
  };
  template <typename Who>
  static bool CountOf(std::unordered_map<Who, Refused>& all, const Who& who, Clock::time_point now);
  template <typename Who>
  static void ForgetIn(std::unordered_map<Who, Refused>& all, Clock::time_point now);
  // Forgets the second before.
  void Turn(Clock::time_point now);

  std::mutex mutex_;  // guards the rest
  Clock::time_point second_;
  std::unordered_map<std::string, Refused> networks_;
  std::unordered_map<std::int64_t, Refused> principals_;
};

}  // namespace loyalty
