#include "clients/loopback.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace loyalty::client {
namespace {

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The host of HOST, HOST:PORT, [HOST] or [HOST]:PORT; an IPv6 address may stand without brackets when no port follows.
std::string HostOf(std::string_view text) {
  if (TakePrefix(text, "[")) return std::string(text.substr(0, text.find(']')));
  const auto colon = text.find(':');
  return std::string(text.find(':', colon + 1) == text.npos ? text.substr(0, colon) : text);
}

bool IsLoopbackAddress(const std::string& host) {
  constexpr unsigned char kLoopbackNet = 127;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == kLoopbackNet;
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == kLoopbackNet);
}

}  // namespace

bool IsOnLoopback(std::string_view server) {
  for (const char* scheme : {"unix:", "unix-abstract:"})
    if (TakePrefix(server, scheme)) return true;
  for (const char* scheme : {"dns:", "ipv4:", "ipv6:"})
    if (TakePrefix(server, scheme)) {
      // dns://RESOLVER/HOST: who resolves the name does not matter.
      if (TakePrefix(server, "//")) server.remove_prefix(std::min(server.size(), server.find('/')));
      TakePrefix(server, "/");
      break;
    }
  std::string host = HostOf(server);
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
  return host == "localhost" || IsLoopbackAddress(host);
}

}  // namespace loyalty::client
