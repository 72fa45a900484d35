// loyaltyd by a clock that a test sets: LOYALTY_TEST_CLOCK names a file with the microseconds by which this server is
// ahead of the system, as one number of eight bytes. It is read at each look at the clock, so that all who have the
// file are moved at the same instant. This is the main of loyaltyd_test; nothing that is shipped links it.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "services/app/loyaltyd.h"

namespace {

using Ahead = std::atomic<loyalty::Instant>;
static_assert(sizeof(Ahead) == sizeof(loyalty::Instant) && Ahead::is_always_lock_free);

// A test whose clock is not there would wait for hours.
[[noreturn]] void Fail() {
  std::perror("LOYALTY_TEST_CLOCK");
  std::abort();
}

const Ahead* MapFromEnvironment() {
  const char* path = std::getenv("LOYALTY_TEST_CLOCK");
  const int file = open(path == nullptr ? "" : path, O_RDONLY | O_CLOEXEC);
  if (file < 0) Fail();
  void* map = mmap(nullptr, sizeof(Ahead), PROT_READ, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) Fail();
  close(file);
  return static_cast<const Ahead*>(map);
}

}  // namespace

int main(int argc, char** argv) {
  const Ahead* ahead = MapFromEnvironment();
  return loyalty::RunLoyaltyd(argc, argv, [ahead] {
    const auto system = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(system).count() + ahead->load();
  });
}
