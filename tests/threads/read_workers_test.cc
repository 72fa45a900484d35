#include "services/queue/read_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/database.h"
#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using test::kCallers;

constexpr int kReadsEach = 300;
// Of a caller, on their way at once: together fewer than are taken.
constexpr int kBurst = 30;
static_assert(kBurst * kCallers < kReadsThatWaitMax);
constexpr std::size_t kThreads = 4;
constexpr int kLooksUntilThere = 3;

class ReadWorkersThreads : public ::testing::TestWithParam<storage::Engine> {
 protected:
  test::TestDatabase database_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReadWorkersThreads, test::kBothEngines, test::EngineName);

// Plain: whoever looks has what the one before him saw, and one thread ends it.
struct Read {
  int looks = 0;
  int ends = 0;
  std::string error;
};

// Most are done at once, some find what they wait for at the third look, some are late, some are long.
void Start(ReadWorkers& workers, int n, Read& read, std::atomic<int>& ended) {
  const int looks = n % 5 == 1 ? kLooksUntilThere : 1;
  ReadJob job{[looks, &read, &ended](storage::Session& session) {
                std::int64_t programs = 0;
                session.Read("SELECT COUNT(*) FROM program", [&](std::int64_t count) { programs = count; });
                EXPECT_EQ(programs, 1);
                if (++read.looks < looks) return false;
                ++read.ends;
                ended.fetch_add(1, std::memory_order_relaxed);
                return true;
              },
              [&read, &ended](const Error& error) {
                ++read.ends;
                read.error = ReasonName(error.reason);
                ended.fetch_add(1, std::memory_order_relaxed);
              }};
  if (n % 5 == 2) job.deadline = test::kStart;
  if (n % 5 == 3) return workers.StartLong(std::move(job));
  workers.Start(std::move(job));
}

TEST_P(ReadWorkersThreads, EachReadEndsOnce) {
  std::vector<std::vector<Read>> reads(kCallers, std::vector<Read>(kReadsEach));
  {
    ReadWorkers workers(
        database_.url(), [] { return test::kStart; }, kThreads);
    test::AllAtOnce([&](int caller) {
      auto& mine = reads[static_cast<std::size_t>(caller)];
      std::atomic<int> ended{0};  // relaxed: it orders nothing
      for (int n = 0; n < kReadsEach; ++n) {
        Start(workers, n, mine[static_cast<std::size_t>(n)], ended);
        if ((n + 1) % kBurst != 0) continue;
        while (ended.load(std::memory_order_relaxed) <= n) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  }
  for (const auto& mine : reads)
    for (std::size_t n = 0; n < mine.size(); ++n) {
      const Read& read = mine[n];
      ASSERT_EQ(read.ends, 1);
      if (n % 5 == 2) {
        EXPECT_EQ(read.error, "DEADLINE_EXCEEDED");
      } else if (n % 5 == 3) {
        EXPECT_TRUE(read.error.empty() || read.error == "QUEUE_FULL") << read.error;
      } else {
        EXPECT_EQ(read.error, "");
        EXPECT_EQ(read.looks, n % 5 == 1 ? kLooksUntilThere : 1);
      }
    }
}

TEST_P(ReadWorkersThreads, WhatIsOnItsWayWhenTheyStopEndsOnceToo) {
  std::vector<std::vector<Read>> reads(kCallers, std::vector<Read>(kReadsEach));
  std::atomic<int> ended{0};
  {
    ReadWorkers workers(
        database_.url(), [] { return test::kStart; }, kThreads);
    test::AllAtOnce([&](int caller) {
      for (int n = 0; n < kBurst; ++n)
        Start(workers, n, reads[static_cast<std::size_t>(caller)][static_cast<std::size_t>(n)], ended);
    });
  }
  for (const auto& mine : reads)
    for (int n = 0; n < kBurst; ++n) ASSERT_EQ(mine[static_cast<std::size_t>(n)].ends, 1);
}

}  // namespace
}  // namespace loyalty
