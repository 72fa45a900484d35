// Streams on which the server tells what happens.
#pragma once

#include <chrono>
#include <string>

#include "clients/server_error.h"
#include "clients/session.h"

namespace loyalty::client {

// A stream that is older is opened anew: what is between us and the server may drop what lives for ever.
inline constexpr std::chrono::minutes kWatchMax{30};

// Opens a stream with `open(context) -> std::unique_ptr<grpc::ClientReader<Response>>` and gives `take(response) ->
// bool` what it brings, until that says false; one that ends or breaks before is opened again after a while. Failures:
// what cannot help to repeat, or has not helped several times in a row.
template <typename Response, typename Open, typename Take>
Outcome Watch(const Session& session, const std::string& doing, const Open& open, const Take& take) {
  const RetryPolicy policy;
  for (int failures = 0;;) {
    grpc::ClientContext context;
    session.connection().Prepare(context, kWatchMax);
    const auto stream = open(context);
    bool any = false;
    for (Response response; stream->Read(&response); any = true) {
      if (take(response)) continue;
      context.TryCancel();
      stream->Finish();
      return {};
    }
    ServerError error = Explain(stream->Finish());
    failures = any ? 1 : failures + 1;
    // A server that stops ends its streams well or cancels them; our own deadline only renews them.
    if (error.code == grpc::StatusCode::OK || error.code == grpc::StatusCode::CANCELLED || WasCutOnTheWay(error))
      error.code = grpc::StatusCode::UNAVAILABLE;
    if (error.code == grpc::StatusCode::DEADLINE_EXCEEDED) failures = 1;
    if (!IsRetryable(error, true) || failures >= policy.attempts_max) return ToFailure(error, doing);
    session.connection().Wait(Backoff(policy, failures, error.retry_delay, RandomUnit()));
  }
}

}  // namespace loyalty::client
