#include "services/rpc/call_limits.h"

namespace loyalty {

bool CallLimits::Begin(const CallSource& source) {
  if (source.principal == 0) return keyless_.Enter(source.network, 0, {kKeylessMax});
  const std::lock_guard lock(mutex_);
  Connection& connection = connections_[source.connection];
  Address& address = addresses_[source.network];
  bool has_room = connection.calls < kPerConnectionMax && address.calls.Enter(source.principal, 0, {kPerAddressMax});
  if (has_room && !calls_.Enter(source.principal, 0, {kMax})) {
    address.calls.Leave(source.principal, 0);
    has_room = false;
  }
  connection.calls += has_room ? 1 : 0;
  if (!has_room) Forget(source);
  return has_room;
}

void CallLimits::End(const CallSource& source) {
  if (source.principal == 0) return keyless_.Leave(source.network, 0);
  calls_.Leave(source.principal, 0);
  const std::lock_guard lock(mutex_);
  --connections_[source.connection].calls;
  addresses_[source.network].calls.Leave(source.principal, 0);
  Forget(source);
}

bool CallLimits::Hold(const CallSource& source, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  Connection& connection = connections_[source.connection];
  Address& address = addresses_[source.network];
  const bool has_room = connection.bytes + bytes <= kBytesPerConnectionMax &&
                        address.bytes + bytes <= kBytesPerAddressMax &&
                        held_.Enter(source.principal, bytes, {kMax, kBytesMax});
  connection.bytes += has_room ? bytes : 0;
  address.bytes += has_room ? bytes : 0;
  if (!has_room) Forget(source);
  return has_room;
}

void CallLimits::Release(const CallSource& source, std::size_t bytes) {
  held_.Leave(source.principal, bytes);
  const std::lock_guard lock(mutex_);
  connections_[source.connection].bytes -= bytes;
  addresses_[source.network].bytes -= bytes;
  Forget(source);
}

void CallLimits::Forget(const CallSource& source) {
  const auto connection = connections_.find(source.connection);
  if (connection->second.calls == 0 && connection->second.bytes == 0) connections_.erase(connection);
  const auto address = addresses_.find(source.network);
  if (address->second.calls.places() == 0 && address->second.bytes == 0) addresses_.erase(address);
}

}  // namespace loyalty
