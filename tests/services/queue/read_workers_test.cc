#include "services/queue/read_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/database.h"

namespace loyalty {
namespace {

// Ends of reads, as they come.
class Ends {
 public:
  void Add(const std::string& end) {
    const std::lock_guard lock(mutex_);
    ends_.push_back(end);
    changed_.notify_all();
  }
  std::vector<std::string> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ends_.size() >= count; });
    return ends_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> ends_;
};

class ReadWorkersTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Waits for what never comes. `waiters`: reads that have begun to wait. `principal`: 0: each is another's.
  ReadJob InVain(Ends& ends, std::atomic<int>& waiters, std::int64_t principal = 0) {
    return {[&waiters, own = 0](storage::Session&) mutable {
              // Whoever looks for the second time has a place among those that wait.
              if (++own == 2) ++waiters;
              return false;
            },
            [&ends](const Error& error) { ends.Add(std::string(ReasonName(error.reason))); },
            kNever,
            kPatience,
            0,
            principal == 0 ? ++principals_ : principal};
  }

  // Is done at its first look.
  static ReadJob AtOnce(Ends& ends) {
    return {[&ends](storage::Session&) {
              ends.Add("read");
              return true;
            },
            [&ends](const Error& error) { ends.Add(error.message); }};
  }

  test::TestDatabase database_{GetParam()};
  std::atomic<Instant> clock_{0};
  std::int64_t principals_ = 1'000;
};
INSTANTIATE_TEST_SUITE_P(Engines, ReadWorkersTest, test::kBothEngines, test::EngineName);

// Seen from outside: 1,024 reads that named a state nobody could reach shut all reads for an hour.
TEST_P(ReadWorkersTest, ReadsThatWaitInVainShutOutNobodyAndNotForLong) {
  Ends refused, ended, others;
  std::atomic<int> waiters{0};
  ReadWorkers workers(database_.url(), [this] { return clock_.load(); });
  for (int i = 0; i < kReadsThatWaitMax; ++i) workers.Start(InVain(ended, waiters));
  while (waiters < kReadsThatWaitMax) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) workers.Start(InVain(refused, waiters));
  for (const auto& end : refused.WaitFor(10)) EXPECT_EQ(end, "QUEUE_FULL");
  workers.Start(AtOnce(others));
  EXPECT_EQ(others.WaitFor(1).front(), "read");
  clock_ = kPatience;
  for (const auto& end : ended.WaitFor(kReadsThatWaitMax)) EXPECT_EQ(end, "UNAVAILABLE");
  // There is room again.
  clock_ = 0;
  std::atomic<int> later{0};
  workers.Start(InVain(ended, later));
  while (later < 1) std::this_thread::yield();
}

TEST_P(ReadWorkersTest, OneKeyCannotTakeThePlacesOfAllReadsThatWait) {
  constexpr std::int64_t kGreedy = 1;
  constexpr int kShare = kReadsThatWaitMax * 4 / 5;
  Ends ended, others;
  std::atomic<int> waiters{0}, waiting_others{0};
  ReadWorkers workers(database_.url(), [this] { return clock_.load(); });
  for (int i = 0; i < kReadsThatWaitMax; ++i) workers.Start(InVain(ended, waiters, kGreedy));
  while (waiters < kShare) std::this_thread::yield();
  for (const auto& end : ended.WaitFor(kReadsThatWaitMax - kShare - 1)) EXPECT_EQ(end, "QUEUE_FULL");
  for (int i = 0; i < 50; ++i) workers.Start(InVain(others, waiting_others));
  while (waiting_others < 50) std::this_thread::yield();
  clock_ = kPatience;
  for (const auto& end : others.WaitFor(50)) EXPECT_EQ(end, "UNAVAILABLE") << "it waited";
}

TEST_P(ReadWorkersTest, LargeRequestsLeaveRoomForSmallOnesAndDoNotExceedIt) {
  Ends refused, ended, others;
  std::atomic<int> waiters{0};
  ReadWorkers workers(database_.url(), [this] { return clock_.load(); });
  constexpr int kFit = 16;
  const auto large = [&](Ends& ends) {
    ReadJob job = InVain(ends, waiters);
    job.bytes = kReadBytesMax / kFit;
    return job;
  };
  for (int i = 0; i < kFit; ++i) workers.Start(large(ended));
  EXPECT_EQ(workers.waiting_bytes(), kReadBytesMax);
  for (int i = 0; i < 3; ++i) workers.Start(large(refused));
  for (const auto& end : refused.WaitFor(3)) EXPECT_EQ(end, "QUEUE_FULL");
  workers.Start(AtOnce(others));
  EXPECT_EQ(others.WaitFor(1).front(), "read");
  clock_ = kPatience;
  for (const auto& end : ended.WaitFor(kFit)) EXPECT_EQ(end, "UNAVAILABLE");
  while (workers.waiting_bytes() > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace loyalty
