#include "services/rpc/call_limits.h"

#include <array>

namespace loyalty {
namespace {

std::string AddressOf(const std::string& peer) { return peer.substr(0, peer.rfind(':')); }

}  // namespace

bool CallLimits::Begin(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const bool connection = ++calls_[peer] <= kPerConnectionMax;
  const bool address = ++calls_[AddressOf(peer)] <= kPerAddressMax;
  return (++calls_[""] <= kMax) && address && connection;
}

void CallLimits::End(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  for (const std::string& key : std::array<std::string, 3>{peer, AddressOf(peer), ""}) {
    const auto calls = calls_.find(key);
    if (--calls->second == 0) calls_.erase(calls);
  }
}

}  // namespace loyalty
