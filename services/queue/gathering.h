// How many callers a lane waits for before it makes its next batch, and for how long: inbox.h says why.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace loyalty {

// What was seen of late. No clock and no lock in it.
class Gathering {
 public:
  // The lane is about to take while so many commands wait.
  void See(std::size_t waiting) { callers_ = std::max(static_cast<double>(waiting + last_taken_), callers_ * kForget); }
  // It has taken so many.
  void Took(std::size_t commands) { last_taken_ = commands; }

  // Commands that are worth waiting for, at most `most`; where as many wait already, nobody is waited for.
  std::size_t Wanted(std::size_t most) const { return std::min(static_cast<std::size_t>(callers_ * kGathered), most); }
  // How long at most, when the last batch has taken so long.
  static std::chrono::nanoseconds WaitMost(std::chrono::nanoseconds last_batch) {
    return std::min<std::chrono::nanoseconds>(last_batch / kWaitPart, kWaitMost);
  }

 private:
  // Of the callers of late. Fewer make small batches; with more of them the lane stands still while they come.
  static constexpr double kGathered = 3.0 / 8;
  // What was seen counts a little less with each batch: callers go home.
  static constexpr double kForget = 0.99;
  // Of the time the last batch took, which may have been long.
  static constexpr int kWaitPart = 5;
  static constexpr std::chrono::milliseconds kWaitMost{5};

  std::size_t last_taken_ = 0;  // the size of the last batch
  double callers_ = 0;          // that were here at once lately, as far as was seen
};

}  // namespace loyalty
