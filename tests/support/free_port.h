// A TCP port for a server of a test.
#pragma once

namespace loyalty::test {

// A TCP port of this machine that is free now. Not one that the kernel gives to outgoing connections: those could take
// it while a server restarts. Throws std::runtime_error when none is found.
int FreePort();

}  // namespace loyalty::test
