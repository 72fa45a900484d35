// The program behind main: which clock it goes by is all that a main decides.
#pragma once

#include <functional>

#include "domain/time.h"

namespace loyalty {

// Thread safe; throws nothing.
using Clock = std::function<Instant()>;

// Runs one command line of loyaltyd to its end and returns the exit code. Once in a process, before any other thread.
int RunLoyaltyd(int argc, char** argv, const Clock& clock);

}  // namespace loyalty
