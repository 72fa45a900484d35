// Tills that sell at their own pace, and how long they wait.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/caller.h"

namespace loyalty::test {

// What was measured in one stretch of time.
struct Waits {
  std::size_t scans = 0;
  double median_ms = 0;
  double p99_ms = 0;
  std::map<std::string, int> failures;  // what was not answered OK: reason and message
};

// Each of several tills has a connection of its own and scans at fixed times, `per_second` all together, whether or not
// the one before has been answered in time: a wait is counted from when the scan was due.
class PacedLoad {
 public:
  // One till for each caller; the callers outlive it.
  PacedLoad(const std::vector<Caller>& callers, int per_second);
  ~PacedLoad();
  PacedLoad(const PacedLoad&) = delete;
  PacedLoad& operator=(const PacedLoad&) = delete;

  // Sells for so long; what came of it. The tills go on between two calls, unmeasured.
  Waits Measure(std::chrono::milliseconds time);

 private:
  void Sell(const Caller& caller, std::size_t number, std::chrono::microseconds pause);

  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<double> waits_ms_;
  std::map<std::string, int> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace loyalty::test
