// A thread that looks after something now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace loyalty {

// Calls `look` each time `interval` has passed, until stopped or destroyed; once Stop has returned never again. It
// throws nothing.
class Periodic {
 public:
  Periodic(std::chrono::milliseconds interval, std::function<void()> look)
      : interval_(interval), look_(std::move(look)), thread_([this] { Run(); }) {}
  ~Periodic() { Stop(); }
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

  // By one thread at a time, and not by `look`.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, interval_, [this] { return stopping_; })) {
      lock.unlock();
      look_();
      lock.lock();
    }
  }

  const std::chrono::milliseconds interval_;
  const std::function<void()> look_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace loyalty
