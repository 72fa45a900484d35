// Callers: threads that do the same at once.
#pragma once

#include <functional>
#include <thread>
#include <vector>

namespace loyalty::test {

inline constexpr int kCallers = 8;

// Calls `call` with 0, 1 ... in a thread each, and returns when all have returned.
inline void AllAtOnce(const std::function<void(int caller)>& call, int callers = kCallers) {
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) threads.emplace_back([&call, caller] { call(caller); });
  for (auto& thread : threads) thread.join();
}

}  // namespace loyalty::test
