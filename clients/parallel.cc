#include "clients/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace loyalty::client {

Outcome ForEachParallel(std::size_t count, int threads, const std::function<Outcome(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  Outcome first;
  const auto run = [&] {
    for (std::size_t index = next++; index < count && !stop; index = next++) {
      Outcome outcome = work(index);
      if (!outcome) continue;
      stop = true;
      const std::lock_guard lock(mutex);
      if (!first) first = std::move(outcome);
    }
  };
  std::vector<std::thread> running;
  const std::size_t wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t i = 1; i < wanted; ++i) running.emplace_back(run);
  run();
  for (auto& thread : running) thread.join();
  return first;
}

}  // namespace loyalty::client
