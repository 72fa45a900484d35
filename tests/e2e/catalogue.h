// Brings a catalogue into force, as an administrator does, and waits until tills are served by it.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/caller.h"
#include "tests/e2e/shell.h"
#include "tests/e2e/test_clock.h"

namespace loyalty::test {

// Applies a catalogue (JSON) by `loyalty-admin apply`, moves the clock of the servers to where it is in force and
// returns when each of them prices by it; a server that does not in a minute fails the test. Answers the version; 0: it
// was refused, and the test has failed. One that changes nothing is in force already.
std::int64_t ApplyCatalogue(const Shell& shell, const std::string& json, TestClock& clock,
                            const std::vector<const Caller*>& servers);

}  // namespace loyalty::test
