// Brings a catalogue into force, as an administrator does, and waits until tills are served by it.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/caller.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {

// Applies a catalogue (JSON) by `loyalty-admin apply` and returns when each of the servers prices by it; a server that
// does not in a minute fails the test. Answers the version; 0: it was refused, and the test has failed. One that
// changes nothing is in force already.
std::int64_t ApplyCatalogue(const Shell& shell, const std::string& json, const std::vector<const Caller*>& servers);

}  // namespace loyalty::test
