#include "services/queue/answers.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "storage/planted.h"

namespace loyalty {
namespace {

// What a callback throws must not end the thread, and the process with it.
void Give(const Answers::Tell& tell) {
  storage::CountUnlocked(storage::Place::kAnswers);
  try {
    tell();
  } catch (const std::exception& error) {
    spdlog::error("an answer could not be given: {}", error.what());
  }
}

}  // namespace

void Answers::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Answers::Put(Tell tell) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = waiting_.empty();
    waiting_.push_back(std::move(tell));
  }
  if (first) wake_.notify_one();
}

void Answers::Help() {
  while (const Tell tell = TakeOne(false)) Give(tell);
}

void Answers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Answers::Run() {
  while (const Tell tell = TakeOne(true)) Give(tell);
}

Answers::Tell Answers::TakeOne(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (waiting_.empty()) return {};
  Tell tell = std::move(waiting_.front());
  waiting_.pop_front();
  return tell;
}

}  // namespace loyalty
