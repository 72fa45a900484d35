// Scans on streams, for a while.
#pragma once

#include "tests/bench/side.h"
#include "tests/support/load_client.h"

namespace loyalty::test {

// One stream on each channel of `plan`, each with a thread that writes as fast as it may and one that reads. Counts
// answers that came within plan.seconds. Says on stderr that a stream broke and opens another; throws
// std::runtime_error when a scan is refused, or when more than two of a caller break.
Turn RunStreams(const LoadPlan& plan, pid_t server);

}  // namespace loyalty::test
