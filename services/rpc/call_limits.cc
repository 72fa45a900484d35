#include "services/rpc/call_limits.h"

namespace loyalty {
namespace {

std::string AddressOf(const std::string& peer) { return peer.substr(0, peer.rfind(':')); }

}  // namespace

bool CallLimits::Begin(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  Share& connection = shares_[peer];
  Share& address = shares_[AddressOf(peer)];
  Share& all = shares_[""];
  const bool has_room = connection.calls < kPerConnectionMax && address.calls < kPerAddressMax && all.calls < kMax;
  for (Share* share : {&connection, &address, &all}) share->calls += has_room ? 1 : 0;
  if (!has_room) ForgetEmpty(peer);
  return has_room;
}

void CallLimits::End(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  for (const std::string& key : {peer, AddressOf(peer), std::string()}) --shares_[key].calls;
  ForgetEmpty(peer);
}

bool CallLimits::Hold(const std::string& peer, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  Share& connection = shares_[peer];
  Share& address = shares_[AddressOf(peer)];
  Share& all = shares_[""];
  const bool has_room = connection.bytes + bytes <= kBytesPerConnectionMax &&
                        address.bytes + bytes <= kBytesPerAddressMax && all.bytes + bytes <= kBytesMax;
  for (Share* share : {&connection, &address, &all}) share->bytes += has_room ? bytes : 0;
  if (!has_room) ForgetEmpty(peer);
  return has_room;
}

void CallLimits::Release(const std::string& peer, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  for (const std::string& key : {peer, AddressOf(peer), std::string()}) shares_[key].bytes -= bytes;
  ForgetEmpty(peer);
}

std::size_t CallLimits::bytes() const {
  const std::lock_guard lock(mutex_);
  const auto all = shares_.find("");
  return all == shares_.end() ? 0 : all->second.bytes;
}

void CallLimits::ForgetEmpty(const std::string& peer) {
  for (const std::string& key : {peer, AddressOf(peer)})
    if (const auto share = shares_.find(key);
        share != shares_.end() && share->second.calls == 0 && share->second.bytes == 0)
      shares_.erase(share);
}

}  // namespace loyalty
