#include "clients/retry.h"

#include <sodium.h>

#include <algorithm>

namespace loyalty::client {

Milliseconds Backoff(const RetryPolicy& policy, int failures, std::optional<Milliseconds> server_delay, double random) {
  constexpr int kDoublingsMax = 20;  // far beyond any backoff_max, far from overflow
  const int doublings = std::clamp(failures - 1, 0, kDoublingsMax);
  const auto full = std::min(policy.backoff_max, policy.backoff_first * (1 << doublings));
  const auto jittered =
      full / 2 + Milliseconds(static_cast<Milliseconds::rep>(static_cast<double>((full - full / 2).count()) * random));
  if (!server_delay) return jittered;
  return std::max(jittered, std::min(*server_delay, policy.server_delay_max));
}

double RandomUnit() { return static_cast<double>(randombytes_random()) / 4294967296.0; }

grpc::Status RetryLoop(const RetryPolicy& policy, bool has_request_id, const Sleeper& sleep,
                       const std::function<grpc::Status()>& attempt) {
  for (int tries = 1;; ++tries) {
    grpc::Status status = attempt();
    if (status.ok() || tries >= policy.attempts_max) return status;
    const ServerError error = Explain(status);
    if (!IsRetryable(error, has_request_id)) return status;
    sleep(Backoff(policy, tries, error.retry_delay, RandomUnit()));
  }
}

}  // namespace loyalty::client
