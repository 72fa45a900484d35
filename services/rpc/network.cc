#include "services/rpc/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace loyalty {
namespace {

constexpr int kBits = 128;
constexpr int kBitsBeforeIpv4 = 96;
constexpr int kBitsOfACustomer = 64;
constexpr std::array<std::uint8_t, 12> kBeforeIpv4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool IsIpv4(const Address& address) {
  return std::equal(kBeforeIpv4.begin(), kBeforeIpv4.end(), address.bytes.begin());
}

void TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) == prefix) text.remove_prefix(prefix.size());
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Without a port and without what is written around it.
std::string_view Host(std::string_view text) {
  TakePrefix(text, "ipv4:");
  TakePrefix(text, "ipv6:");
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"[", "]"}, {"%5B", "%5D"}})
    if (text.substr(0, open.size()) == open) {
      const auto end = text.find(close);
      return end == std::string_view::npos ? std::string_view() : text.substr(open.size(), end - open.size());
    }
  const auto colon = text.find(':');
  const bool one = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return one ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
  const std::string host(Host(Trimmed(text)));
  Address address;
  if (host.find(':') != std::string::npos) {
    if (inet_pton(AF_INET6, host.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
  }
  std::copy(kBeforeIpv4.begin(), kBeforeIpv4.end(), address.bytes.begin());
  if (inet_pton(AF_INET, host.c_str(), address.bytes.data() + kBeforeIpv4.size()) == 1) return address;
  return std::nullopt;
}

std::string NetworkOf(const Address& address) {
  const auto size = static_cast<std::size_t>(IsIpv4(address) ? kBits / 8 : kBitsOfACustomer / 8);
  return {reinterpret_cast<const char*>(address.bytes.data()), size};
}

bool Network::Contains(const Address& address) const {
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(address_.bytes.begin(), address_.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin()))
    return false;
  const int rest = bits_ % 8;
  return rest == 0 || (address_.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

Result<std::vector<Network>> ParseNetworks(const std::string& flag, const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) {
    const Error invalid = InvalidField(flag, "'" + text + "' is no network such as 10.0.0.0/8 or 2001:db8::/32");
    const auto slash = text.find('/');
    const auto address = ParseAddress(text.substr(0, slash));
    if (!address) return invalid;
    const int most = IsIpv4(*address) ? kBits - kBitsBeforeIpv4 : kBits;
    int bits = most;
    if (slash != std::string::npos) {
      const char* end = text.data() + text.size();
      const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, bits);
      if (error != std::errc() || rest != end || bits < 0 || bits > most) return invalid;
    }
    networks.emplace_back(*address, bits + kBits - most);
  }
  return networks;
}

bool AnyContains(const std::vector<Network>& networks, const Address& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&address](const Network& network) { return network.Contains(address); });
}

std::optional<Address> AddressOfCaller(std::string_view peer, std::string_view forwarded,
                                       const std::vector<Network>& trusted) {
  std::optional<Address> caller = ParseAddress(peer);
  while (caller && !forwarded.empty() && AnyContains(trusted, *caller)) {
    const auto comma = forwarded.rfind(',');
    const auto next = ParseAddress(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
    if (!next) break;  // the proxy says nothing that can be used: it is the proxy's
    caller = next;
    forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
  }
  return caller;
}

}  // namespace loyalty
