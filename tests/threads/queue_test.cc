#include <gtest/gtest.h>

#include <vector>

#include "services/queue/write_queue.h"
#include "tests/support/batch_world.h"
#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using storage::Engine;
using test::BatchWorld;
using test::kCallers;
using test::Outcome;

constexpr int kScansEach = 250;
constexpr int kCardOfAllCallers = 100;

class QueueThreads : public ::testing::TestWithParam<Engine> {
 protected:
  BatchWorld world_{GetParam()};
  SnapshotHolder snapshots_{world_.database().url(), [] { return test::kStart; }};
};
INSTANTIATE_TEST_SUITE_P(Engines, QueueThreads, test::kBothEngines, test::EngineName);

// Each caller has a card of its own, and one is everybody's. Nobody waits for an answer before he sends the next. There
// is a member for each card, which decides its lane: a scan that makes one and those behind it may go to several.
TEST_P(QueueThreads, EachCommandIsAnsweredOnceAndThoseOfACardInTheirOrder) {
  struct Told {
    int times = 0;
    std::string outcome;
    std::int64_t member_seq = 0;
  };
  const auto is_shared = [](int n) { return n % 5 == 0; };
  std::vector<std::vector<Command>> commands(kCallers);
  std::vector<std::vector<Told>> told(kCallers, std::vector<Told>(kScansEach));  // plain: an answer is one thread's
  for (int caller = 0; caller < kCallers; ++caller)
    for (int n = 0; n < kScansEach; ++n)
      commands[static_cast<std::size_t>(caller)].push_back(
          world_.Scan(is_shared(n) ? kCardOfAllCallers : caller + 1, 100));
  for (int caller = 0; caller < kCallers; ++caller) world_.Must(world_.Scan(caller + 1, 100));
  world_.Must(world_.Scan(kCardOfAllCallers, 100));
  {
    WriteQueue queue(world_.database().url(), snapshots_, test::TestKeys(),
                     {.lanes = 3, .capacity = 200, .clock = [] { return test::kStart; }});
    test::AllAtOnce([&](int caller) {
      const auto at = static_cast<std::size_t>(caller);
      for (std::size_t n = 0; n < commands[at].size(); ++n) {
        const auto done = [&one = told[at][n]](const Result<Answer>& answer) {
          ++one.times;
          one.outcome = Outcome(answer);
          if (answer) one.member_seq = test::ScanOf(answer).member_seq();
        };
        Status taken = Ok{};
        while (!(taken = queue.Submit(std::move(commands[at][n]), done, Sender::kStream))) {
          EXPECT_EQ(taken.error().reason, Reason::kQueueFull);
          std::this_thread::yield();
        }
      }
    });
  }
  for (const auto& caller : told) {
    std::int64_t own = 0, shared = 0;
    for (int n = 0; n < kScansEach; ++n) {
      const Told& one = caller[static_cast<std::size_t>(n)];
      ASSERT_EQ(one.times, 1);
      ASSERT_EQ(one.outcome, "OK");
      std::int64_t& before = is_shared(n) ? shared : own;
      ASSERT_GT(one.member_seq, before);
      before = one.member_seq;
    }
  }
  EXPECT_EQ(world_.BalanceOf(kCardOfAllCallers).available, kCallers * kScansEach / 5 + 1);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), kCallers * kScansEach + kCallers + 1);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), kCallers + 1);
}

}  // namespace
}  // namespace loyalty
