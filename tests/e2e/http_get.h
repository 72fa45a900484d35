// The pages of a server's HTTP port.
#pragma once

#include <string>

namespace loyalty::test {

// The whole answer of an HTTP server of this machine to a GET, head and body; empty when there is none.
std::string Get(int port, const std::string& path);

}  // namespace loyalty::test
