// How far a long command is, on stderr.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace loyalty::client {

struct ProgressState {
  std::int64_t done = 0;
  double fraction = 0;  // of all work, 0 to 1; 0: not known
};

// "12,345 receipts, 4,321/s, 0:07 left".
std::string ProgressText(const ProgressState& state, double seconds, const std::string& unit);

// Shows `state()` from a thread of its own: on a terminal one line rewritten every 200 ms, else a line every 5 s.
// `state` must be thread safe and live longer than this.
class Progress {
 public:
  Progress(std::string unit, std::function<ProgressState()> state);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // clears the line

 private:
  void Show(bool terminal);

  const std::string unit_;
  const std::function<ProgressState()> state_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace loyalty::client
