// The clock of loyaltyd_test, which a test sets instead of waiting.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "domain/time.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {

class Caller;

// As fast as the system's, and ahead of it by what it was moved. One for all servers of a test; it outlives them.
// Used by one thread.
class TestClock {
 public:
  // No server serves by rules that it has read longer ago than this (services/catalogue/snapshot.h), and a moment.
  static constexpr std::chrono::milliseconds kStep{3'001};

  TestClock();

  Instant Now() const;
  // Moves it, for all servers at once, and returns when each of them is served by rules that it has read since: until
  // then it answers CATALOGUE_STALE, as after any pause in which it could not look. By kStep at least: after a shorter
  // one a server would be served by what it knew, and a moment later not. Throws std::runtime_error when one does not
  // come back.
  void Forward(std::chrono::microseconds time, const std::vector<const Caller*>& servers);
  // The same, to an instant that lies ahead; nothing when it is past.
  void ForwardTo(Instant instant, const std::vector<const Caller*>& servers);

  // What LOYALTY_TEST_CLOCK names.
  std::string path() const;

 private:
  void Write() const;

  ScratchDirectory directory_;
  Instant ahead_ = 0;
};

}  // namespace loyalty::test
