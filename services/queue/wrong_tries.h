// Who guesses secrets that people type, and may not go on for ever.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "domain/time.h"

namespace loyalty {

// Each network may be wrong kMost times at once, and once more a kPause from then on. Nobody else waits for it: what
// all of them together may try is bounded by what the secret is made of, and told by metrics. Remembers kNetworksMax
// networks; those that come when all of these are in use share one count. Thread safe.
class WrongTries {
 public:
  static constexpr int kMost = 10;
  static constexpr Instant kPause = kMinute;
  // 100 bytes each; an attacker has more addresses than we have memory.
  static constexpr std::size_t kNetworksMax = 10'000;

  // How long a network waits before it may try again; 0: not at all.
  Instant WaitOf(const std::string& network, Instant now) const;
  // It was wrong once more.
  void Wrong(const std::string& network, Instant now);

 private:
  // Until when what it did is remembered: each wrong try adds a pause.
  const Instant* Find(const std::string& network) const;

  mutable std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, Instant> until_;
  Instant others_until_ = 0;
};

}  // namespace loyalty
