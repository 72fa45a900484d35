// Many calls at the same time.
#pragma once

#include <cstddef>
#include <functional>

#include "clients/failure.h"

namespace loyalty::client {

// Enough for a server to form batches, few enough that none waits for a deadline.
inline constexpr int kCallsInFlight = 64;

// Runs work(0) ... work(count - 1) on up to `threads` threads, in any order. After the first Failure no more are
// started; answers that one. `work` must be thread safe.
Outcome ForEachParallel(std::size_t count, int threads, const std::function<Outcome(std::size_t)>& work);

}  // namespace loyalty::client
