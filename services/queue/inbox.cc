#include "services/queue/inbox.h"

#include <utility>

#include "storage/planted.h"

namespace loyalty {

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
  wanted_ = gathering_.Wanted(most);
  enough_.wait_for(lock, Gathering::WaitMost(now_() - last_time_),
                   [this] { return stopping_ || items_.size() >= wanted_; });
  wanted_ = 1;
}

bool Inbox::is_over() {
  const std::lock_guard lock(mutex_);
  return stopping_ && items_.empty();
}

std::vector<Inbox::Item> Inbox::Take(std::size_t most, std::optional<std::chrono::milliseconds> patience) {
  storage::CountUnlocked(storage::Place::kInbox);
  std::unique_lock lock(mutex_);
  gathering_.See(items_.size());
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
  gathering_.Took(taken.size());
  last_time_ = now_();
  return taken;
}

}  // namespace loyalty
