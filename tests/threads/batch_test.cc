#include <gtest/gtest.h>

#include <vector>

#include "services/batch/recovery.h"
#include "tests/support/batch_world.h"
#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using storage::Engine;
using test::BatchWorld;
using test::kCallers;
using test::Outcome;

constexpr int kBatches = 40;
constexpr int kBatchSize = 5;
constexpr int kCardOfAllLanes = 100;

class BatchThreads : public ::testing::TestWithParam<Engine> {
 protected:
  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, BatchThreads, test::kBothEngines, test::EngineName);

// The lanes of eight servers, all of which want one of the cards. They share what is read only: snapshot and keys.
TEST_P(BatchThreads, LanesOnOneDatabaseAnswerEachCommandOnce) {
  std::vector<std::vector<Command>> commands(kCallers);
  for (int lane = 0; lane < kCallers; ++lane)
    for (int n = 0; n < kBatches * kBatchSize; ++n)
      commands[static_cast<std::size_t>(lane)].push_back(
          world_.Scan(n % kBatchSize == 0 ? kCardOfAllLanes : lane + 1, 100));
  test::AllAtOnce([&](int lane) {
    const auto session = world_.database().Open();
    storage::IdBlock ids;
    auto randoms = static_cast<std::uint64_t>(lane) << 32U;
    RecoveryContext recovery{*session,
                             ids,
                             test::TestKeys(),
                             [&randoms] { return test::NthRandom(randoms++); },
                             [] { return test::kStart; },
                             [](int failures) { std::this_thread::sleep_for(std::chrono::milliseconds(failures)); },
                             [this] { return world_.snapshot(); },
                             {}};
    const auto& mine = commands[static_cast<std::size_t>(lane)];
    for (std::size_t first = 0; first < mine.size(); first += kBatchSize) {
      // What a client does: the same request again, for as long as others are in the way.
      std::vector<const Command*> open;
      for (std::size_t i = first; i < first + kBatchSize; ++i) open.push_back(&mine[i]);
      while (!open.empty()) {
        std::vector<int> answers(open.size());
        std::vector<PendingCommand> pending;
        std::vector<const Command*> again;
        for (std::size_t i = 0; i < open.size(); ++i)
          pending.push_back({*open[i], [&, i](const Result<Answer>& answer) {
                               ++answers[i];
                               if (Outcome(answer) == "CONTENTION") return again.push_back(open[i]);
                               EXPECT_EQ(Outcome(answer), "OK");
                             }});
        std::vector<PendingCommand*> left;
        for (auto& one : pending) left.push_back(&one);
        while (!left.empty()) left = RunRecovering(recovery, std::move(left));
        for (const int times : answers) EXPECT_EQ(times, 1);
        open = again;
      }
    }
  });
  EXPECT_EQ(world_.BalanceOf(kCardOfAllLanes).available, kCallers * kBatches);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), kCallers * kBatches * kBatchSize);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), kCallers + 1);
}

}  // namespace
}  // namespace loyalty
