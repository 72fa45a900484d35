#include "tests/e2e/disturbance.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;

// Half a second to a whole one, or until the load is done.
void Wait(std::mt19937_64& random, const std::atomic<bool>& done) {
  const auto until =
      std::chrono::steady_clock::now() + milliseconds(std::uniform_int_distribution<int>(500, 1'000)(random));
  while (!done && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds(10));
}

}  // namespace

int RunDisturbed(const std::vector<Disturbance>& disturbances, std::mt19937_64& random,
                 const std::function<void()>& load, const std::function<void(const Disturbance&)>& disturb) {
  int count = 0;
  std::atomic<bool> done{false};
  std::thread running([&] {
    load();
    done = true;
  });
  try {
    while (!done && !disturbances.empty()) {
      Wait(random, done);
      if (done) break;
      disturb(disturbances[static_cast<std::size_t>(count) % disturbances.size()]);
      ++count;
    }
  } catch (...) {
    running.join();
    throw;
  }
  running.join();
  return count;
}

}  // namespace loyalty::test
