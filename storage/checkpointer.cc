#include "storage/checkpointer.h"

#include <chrono>

namespace loyalty::storage {
namespace {

using std::chrono::milliseconds;

// Between two looks: under load a page is committed several times meanwhile, and copied once.
constexpr milliseconds kPause{100};
// After one that failed (the disk is full, for instance), which the writer will tell its callers by itself.
constexpr milliseconds kPauseAfterFailure{1'000};

}  // namespace

Checkpointer::Checkpointer(const DatabaseUrl& url) : session_(url), thread_([this] { Run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Checkpointer::Run() {
  milliseconds pause = kPause;
  for (std::unique_lock lock(mutex_); !stop_.wait_for(lock, pause, [this] { return stopping_; });) {
    lock.unlock();
    pause = kPause;
    try {
      if (session_.suspect()) session_.Reconnect();
      session_.Run("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (const Failure&) {
      pause = kPauseAfterFailure;
    }
    lock.lock();
  }
}

}  // namespace loyalty::storage
