// Whether a server is on this machine.
#pragma once

#include <string_view>

namespace loyalty::client {

// True when `server`, as gRPC takes it (HOST:PORT, with or without a scheme such as dns:/// or ipv4:), is localhost, a
// loopback address or a unix socket. A name that only a resolver could tell is none.
bool IsOnLoopback(std::string_view server);

}  // namespace loyalty::client
