#include "services/queue/inbox.h"

#include <algorithm>
#include <utility>

#include "storage/planted.h"

namespace loyalty {
namespace {

// Of the callers of late. Fewer make small batches; with more of them the lane stands still while they come.
constexpr double kGathered = 3.0 / 8;
// What was seen counts a little less with each batch: callers go home.
constexpr double kForget = 0.99;
// Of the time the last batch took, which may have been long.
constexpr int kWaitPart = 5;
constexpr std::chrono::milliseconds kWaitMost{5};

}  // namespace

void Inbox::Put(Item item) {
  storage::CountUnlocked(storage::Place::kInbox);
  bool enough = false;
  {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    enough = items_.size() >= wanted_;
  }
  if (enough) enough_.notify_one();
}

void Inbox::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  enough_.notify_all();
}

void Inbox::WaitForMore(std::unique_lock<std::mutex>& lock, std::size_t most) {
  const auto now = Clock::now();
  wanted_ = std::min(static_cast<std::size_t>(callers_ * kGathered), most);
  const auto wait = std::min<Clock::duration>((now - last_time_) / kWaitPart, kWaitMost);
  enough_.wait_until(lock, now + wait, [this] { return stopping_ || items_.size() >= wanted_; });
  wanted_ = 1;
}

bool Inbox::is_over() {
  const std::lock_guard lock(mutex_);
  return stopping_ && items_.empty();
}

std::vector<Inbox::Item> Inbox::Take(std::size_t most, std::optional<std::chrono::milliseconds> patience) {
  storage::CountUnlocked(storage::Place::kInbox);
  std::unique_lock lock(mutex_);
  callers_ = std::max(static_cast<double>(items_.size() + last_taken_), callers_ * kForget);
  if (items_.empty()) {
    const auto come = [this] { return stopping_ || !items_.empty(); };
    if (!patience) {
      enough_.wait(lock, come);
    } else if (!enough_.wait_for(lock, *patience, come)) {
      return {};
    }
  } else if (gather_ == Gather::kCallers && !items_.front()->command.runs_alone()) {
    WaitForMore(lock, most);
  }
  std::vector<Item> taken;
  while (!items_.empty() && taken.size() < most) {
    const bool alone = items_.front()->command.runs_alone();
    if (alone && !taken.empty()) break;
    taken.push_back(std::move(items_.front()));
    items_.pop_front();
    if (alone) break;
  }
  last_taken_ = taken.size();
  last_time_ = Clock::now();
  return taken;
}

}  // namespace loyalty
