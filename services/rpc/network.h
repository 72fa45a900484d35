// Addresses of callers, and networks of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace loyalty {

// Of IPv4 as IPv6 writes it (::ffff:192.0.2.1), so that it is one address however it came.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
};

// 192.0.2.1, 2001:db8::1 or [2001:db8::1], also with :PORT behind it (not behind an IPv6 address without brackets),
// also with "ipv4:" or "ipv6:" in front and %5B for a bracket, as gRPC names a peer. Nothing: it is none of these.
std::optional<Address> ParseAddress(std::string_view text);

// What is counted as one caller: an address of IPv4, and the 64 bits of IPv6 that one customer has at least.
std::string NetworkOf(const Address& address);

class Network {
 public:
  Network(const Address& address, int bits) : address_(address), bits_(bits) {}
  bool Contains(const Address& address) const;

 private:
  Address address_;
  int bits_;  // of 128
};

// Each ADDRESS or ADDRESS/BITS. Errors: kInvalidArgument (`flag`).
Result<std::vector<Network>> ParseNetworks(const std::string& flag, const std::vector<std::string>& texts);

bool AnyContains(const std::vector<Network>& networks, const Address& address);

// Who calls: the peer, or if that is one of the `trusted` proxies, whom it says it calls for - the right-most address
// of `forwarded` (X-Forwarded-For, all of its lines in one) that is not a trusted proxy as well. What stands further
// left anybody may have written. Nothing: the peer is of no network (a unix socket).
std::optional<Address> AddressOfCaller(std::string_view peer, std::string_view forwarded,
                                       const std::vector<Network>& trusted);

}  // namespace loyalty
