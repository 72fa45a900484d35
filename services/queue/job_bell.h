// Tells the runner of this server that a job has been asked for, so that nobody waits for its next look.
#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace loyalty {

// Thread safe.
class JobBell {
 public:
  // Calls whoever listens.
  void Ring() {
    const std::lock_guard lock(mutex_);
    if (listener_) listener_();
  }
  // `listener` must not block; empty: nobody listens, and none is being called when this returns.
  void Listen(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }

 private:
  std::mutex mutex_;
  std::function<void()> listener_;
};

}  // namespace loyalty
