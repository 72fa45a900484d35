// Sending the same request again, a bounded number of times.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "clients/server_error.h"

namespace loyalty::client {

using Milliseconds = std::chrono::milliseconds;

// Eight tries wait about 11 s together: a server that is being restarted is back by then, a user still there.
struct RetryPolicy {
  int attempts_max = 8;
  Milliseconds backoff_first{100};
  Milliseconds backoff_max{5'000};
  Milliseconds server_delay_max{30'000};  // a server's RetryInfo is honoured up to here
};

// How long to wait after the `failures`-th failure in a row (1, 2, ...): exponential, between half and all of it by
// `random` in [0, 1), so that tills which failed together do not come back together. Never less than the server asks.
Milliseconds Backoff(const RetryPolicy& policy, int failures, std::optional<Milliseconds> server_delay, double random);

// Uniform in [0, 1).
double RandomUnit();

using Sleeper = std::function<void(Milliseconds)>;

// Calls `attempt` until it answers OK, fails for good, or the tries are used up; answers the last status.
// `has_request_id`: as for IsRetryable.
grpc::Status RetryLoop(const RetryPolicy& policy, bool has_request_id, const Sleeper& sleep,
                       const std::function<grpc::Status()>& attempt);

}  // namespace loyalty::client
