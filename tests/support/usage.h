// What running processes take of the machine.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace loyalty::test {

struct Usage {
  double processors = 0;            // kept busy on average, user and system
  double cpu_seconds = 0;           // user and system
  std::int64_t memory_peak_mb = 0;  // the highest resident size of each, added up
};

// Of several processes between its construction and Stop. The kernel keeps the peak: nothing is missed, but there is
// only one at a time for a process.
class UsageMeter {
 public:
  explicit UsageMeter(std::vector<pid_t> pids);
  Usage Stop() const;

 private:
  std::vector<pid_t> pids_;
  double cpu_seconds_before_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace loyalty::test
