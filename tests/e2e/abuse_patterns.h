// Eight ways to abuse HTTP/2, as they are known from vulnerabilities of servers.
#pragma once

#include <vector>

#include "tests/e2e/attack.h"

namespace loyalty::test {

// Rapid reset, endless header, CONTINUATION flood, ping flood, settings flood, slow read, slowloris, idle connections.
// Each builds a connection anew when the server closes it.
const std::vector<Pattern>& AbusePatterns();

}  // namespace loyalty::test
