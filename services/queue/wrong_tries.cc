#include "services/queue/wrong_tries.h"

#include <algorithm>

namespace loyalty {

const Instant* WrongTries::Find(const std::string& network) const {
  if (const auto at = until_.find(network); at != until_.end()) return &at->second;
  return until_.size() < kNetworksMax ? nullptr : &others_until_;
}

Instant WrongTries::WaitOf(const std::string& network, Instant now) const {
  const std::lock_guard lock(mutex_);
  const Instant* until = Find(network);
  // Of the tenth try that counts, a pause later one does not.
  return until == nullptr ? 0 : std::max<Instant>(0, *until - (kMost - 1) * kPause - now);
}

void WrongTries::Wrong(const std::string& network, Instant now) {
  const std::lock_guard lock(mutex_);
  if (until_.size() >= kNetworksMax && until_.count(network) == 0)
    std::erase_if(until_, [now](const auto& each) { return each.second <= now; });
  const bool has_place = until_.size() < kNetworksMax || until_.count(network) > 0;
  Instant& until = has_place ? until_[network] : others_until_;
  until = std::max(until, now) + kPause;
}

}  // namespace loyalty
