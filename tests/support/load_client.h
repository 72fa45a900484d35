// Scans at a given rate or by a given number of callers, from few threads, timed.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::test {

struct LoadPlan {
  std::vector<std::shared_ptr<grpc::Channel>> channels;  // used in turn
  std::string key;
  double seconds = 5;
  double warm_up = 0;       // seconds of sending before anything counts
  std::uint64_t calls = 0;  // of a closed loop: ends after so many, too; 0: it does not
  double rate = 0;          // calls a second, whether answers come or not (open loop); 0: as `callers` allow
  int callers = 64;         // calls under way at once (closed loop)
  int threads = 1;          // that send and receive; 0 in a closed loop: each caller waits in a thread of its own
  double deadline = 10;     // of a call, seconds
  // The n-th request, from any thread.
  std::function<v1::ScanRequest(std::uint64_t n)> request;
};

struct LoadResult {
  double seconds = 0;
  std::int64_t answered = 0;                      // OK
  std::int64_t answered_late = 0;                 // of them, after the time that counts
  std::int64_t refused = 0;                       // RESOURCE_EXHAUSTED
  std::int64_t refused_without_retry_info = 0;    // of them, by our server
  std::int64_t refused_by_grpc = 0;               // of them, for the memory that it may take: it knows no details
  std::map<std::string, std::int64_t> otherwise;  // all other ends, by code and text
  // Milliseconds, sorted; with a rate from the moment in which a call was due.
  std::vector<double> answered_ms, refused_ms;

  double per_second() const { return static_cast<double>(answered - answered_late) / seconds; }
  // 0 to 1 of sorted milliseconds; 0 of none.
  static double Quantile(const std::vector<double>& sorted, double part);
  // One line for people.
  std::string Text() const;
};

// Where the numbering of requests goes on, across runs: a receipt's number is good for one.
std::atomic<std::uint64_t>& NextRequest();

// Sends for plan.warm_up and plan.seconds, then waits for what is under way; what comes while it warms up counts for
// nothing, and seconds and per_second are those after it. While nothing is refused for lack of connections: calls wait
// for the server to be there.
LoadResult RunLoad(const LoadPlan& plan);

}  // namespace loyalty::test
