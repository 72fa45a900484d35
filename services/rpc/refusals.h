// Who is refused so often that it is cheaper to hang up.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "domain/time.h"
#include "services/rpc/call_limits.h"

namespace loyalty {

// gRPC makes a call of everything that looks like one, 16 bytes on the wire and some kilobytes here, before anybody can
// refuse it; what comes faster than it is refused is kept. So when more than kPerSecond calls of a network, or of a key
// from wherever, were refused within a second (for want of a key, or of room), the connection of each further one is
// ended, for kShutOut; and so long nobody of that network is taken in. A till that waits before it tries again, as
// docs/INTEGRATION.md says, never comes near it. Thread safe.
class Refusals {
 public:
  static constexpr int kPerSecond = 256;
  static constexpr Instant kShutOut = kSecond;

  // One more call was refused. True: that is too many, hang up.
  bool Count(const CallSource& source, Instant now);
  // Whether nobody from there is taken in.
  bool ShutsOut(const std::string& network, Instant now);

 private:
  struct Refused {
    int calls = 0;      // within the second
    Instant until = 0;  // shut out
  };
  template <typename Who>
  static bool CountOf(std::unordered_map<Who, Refused>& all, const Who& who, Instant now);
  template <typename Who>
  static void ForgetIn(std::unordered_map<Who, Refused>& all, Instant now);
  // Forgets the second before.
  void Turn(Instant now);

  std::mutex mutex_;  // guards the rest
  Instant second_ = 0;
  std::unordered_map<std::string, Refused> networks_;
  std::unordered_map<std::int64_t, Refused> principals_;
};

}  // namespace loyalty
