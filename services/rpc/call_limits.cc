#include "services/rpc/call_limits.h"

namespace loyalty {
namespace {

std::string AddressOf(const std::string& peer) { return peer.substr(0, peer.rfind(':')); }

}  // namespace

bool CallLimits::Begin(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  int& connection = calls_[peer];
  int& address = calls_[AddressOf(peer)];
  int& all = calls_[""];
  const bool has_room = connection < kPerConnectionMax && address < kPerAddressMax && all < kMax;
  for (int* count : {&connection, &address, &all}) *count += has_room ? 1 : 0;
  if (!has_room) ForgetEmpty(peer);
  return has_room;
}

void CallLimits::End(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  for (const std::string& key : {peer, AddressOf(peer), std::string()}) --calls_[key];
  ForgetEmpty(peer);
}

void CallLimits::ForgetEmpty(const std::string& peer) {
  for (const std::string& key : {peer, AddressOf(peer)})
    if (const auto calls = calls_.find(key); calls != calls_.end() && calls->second == 0) calls_.erase(calls);
}

}  // namespace loyalty
