// Commands that wait for one thread, and how it makes batches of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "services/batch/recovery.h"
#include "services/queue/gathering.h"

namespace loyalty {

// Thread safe; one thread takes.
//
// The commit in flight is the timer of a batch: while it runs commands arrive, and the next batch is made of them. With
// callers that wait for their answer before they send again, those of the last batch have just been answered when the
// next one could start, so that it finds a few of the others only: batches stay small, and each costs its statements
// and a copy of every page it touches. So a lane that finds commands waiting waits for a good part of the callers it
// knows of, but not longer than a fifth of the time the last batch took
// (docs/adr/0014-a-batch-waits-for-its-callers.md). One caller alone, or a lane that was idle, waits for nobody.
class Inbox {
 public:
  using Item = std::unique_ptr<PendingCommand>;
  enum class Gather : std::uint8_t { kNothing, kCallers };

  using Clock = std::chrono::steady_clock;
  // `now`: by which it knows how long a batch took.
  explicit Inbox(Gather gather, std::function<Clock::time_point()> now = Clock::now)
      : gather_(gather), now_(std::move(now)) {}

  void Put(Item item);
  // Ends all waiting: Take gives what is left, then nothing.
  void Stop();

  // Waits for items and takes up to `most`, in order, as far as they may share a batch. Empty: stopped, nothing left.
  std::vector<Item> Take(std::size_t most) { return Take(most, std::nullopt); }
  // The same, but when none comes for so long: empty as well.
  std::vector<Item> Take(std::size_t most, std::optional<std::chrono::milliseconds> patience);
  // Stopped, and nothing left.
  bool is_over();

 private:
  void WaitForMore(std::unique_lock<std::mutex>& lock, std::size_t most);

  const Gather gather_;
  const std::function<Clock::time_point()> now_;
  std::mutex mutex_;  // guards all below
  std::condition_variable enough_;
  std::deque<Item> items_;
  std::size_t wanted_ = 1;  // items that the taking thread waits for
  Gathering gathering_;
  Clock::time_point last_time_;  // when it was taken
  bool stopping_ = false;
};

}  // namespace loyalty
