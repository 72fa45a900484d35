#include "services/queue/write_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::Engine;
using test::BatchWorld;
using test::Outcome;

class WriteQueueTest : public ::testing::TestWithParam<Engine> {
 protected:
  std::unique_ptr<WriteQueue> Queue(WriteQueueOptions options) {
    if (!options.clock) options.clock = [this] { return clock_.load(); };
    return std::make_unique<WriteQueue>(world_.database().url(), snapshots_, test::TestKeys(), std::move(options));
  }

  // Occupies the only lane of a queue until the returned promise is kept.
  std::shared_ptr<std::promise<void>> Occupy(WriteQueue& queue) {
    auto release = std::make_shared<std::promise<void>>();
    auto started = std::make_shared<std::promise<void>>();
    Command command;
    command.request_id = "occupy-" + std::to_string(++occupied_);
    command.payload_hash = test::HashOf("occupy");
    command.payload = Admin{[release, started](const AdminStep&) -> Result<AdminOutcome> {
      started->set_value();
      release->get_future().wait();
      return AdminOutcome{std::make_shared<v1::ScanResult>(), "", "", ""};
    }};
    EXPECT_TRUE(queue.Submit(Command(command), [](const Result<Answer>& answer) { EXPECT_EQ(Outcome(answer), "OK"); }));
    started->get_future().wait();
    return release;
  }

  // Submits and keeps the outcome for later.
  std::future<std::string> Submit(WriteQueue& queue, Command command) {
    auto promise = std::make_shared<std::promise<std::string>>();
    auto future = promise->get_future();
    const Status ok = queue.Submit(std::move(command),
                                   [promise](const Result<Answer>& answer) { promise->set_value(Outcome(answer)); });
    if (!ok) promise->set_value(Outcome(ok.error()));
    return future;
  }

  // "waits" when there is none yet.
  static std::string OutcomeSoFar(std::future<std::string>& outcome) {
    return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready ? outcome.get() : "waits";
  }

  std::atomic<Instant> clock_{test::kStart};
  BatchWorld world_{GetParam()};
  SnapshotHolder snapshots_{world_.database().url(), [this] { return clock_.load(); }};
  int occupied_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, WriteQueueTest, test::kBothEngines, test::EngineName);

// Two servers share one database, each with its lanes, and everybody wants the same member.
TEST_P(WriteQueueTest, ManyThreadsHammeringOneMemberAreAllAnsweredAndTheBalanceIsRight) {
  constexpr int kThreads = 8, kCommands = 40;
  std::vector<std::unique_ptr<WriteQueue>> servers;
  const int count = GetParam() == Engine::kSqlite ? 1 : 2;
  for (int i = 0; i < count; ++i) servers.push_back(Queue({.lanes = 3}));
  std::vector<std::vector<Command>> work(kThreads);
  world_.Must(world_.Scan(1, 5'000));
  for (auto& commands : work)
    for (int i = 0; i < kCommands; ++i) commands.push_back(i % 2 == 0 ? world_.Scan(1, 1'000) : world_.Redeem(1, 12));
  std::atomic<int> earned{0}, spent{0}, refused{0}, contended{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      WriteQueue& server = *servers[static_cast<std::size_t>(t % count)];
      for (const Command& command : work[static_cast<std::size_t>(t)]) {
        auto outcome = Outcome(server.Execute(command));
        // What a client does: the same request again.
        for (; outcome == "CONTENTION"; outcome = Outcome(server.Execute(command))) ++contended;
        const bool scan = std::holds_alternative<Scan>(command.payload);
        if (outcome == "OK") {
          ++(scan ? earned : spent);
        } else {
          EXPECT_EQ(outcome, "INSUFFICIENT_POINTS");
          EXPECT_FALSE(scan);
          ++refused;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(earned, kThreads * kCommands / 2);
  EXPECT_EQ(spent + refused, kThreads * kCommands / 2);
  EXPECT_EQ(world_.BalanceOf(1).available, 50 + 10 * earned - 12 * spent);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM redemptions"), spent);
}

TEST_P(WriteQueueTest, ManyThreadsScanningANewCardMakeOneMember) {
  const auto first = Queue({.lanes = 3});
  const auto second = GetParam() == Engine::kSqlite ? nullptr : Queue({.lanes = 3});
  for (int card = 1; card <= 10; ++card) {
    std::vector<Command> scans;
    for (int i = 0; i < 8; ++i) scans.push_back(world_.Scan(card, 1'000));
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        WriteQueue& queue = i % 2 == 0 || !second ? *first : *second;
        const Command& scan = scans[static_cast<std::size_t>(i)];
        auto outcome = Outcome(queue.Execute(scan));
        for (; outcome == "CONTENTION";) outcome = Outcome(queue.Execute(scan));
        EXPECT_EQ(outcome, "OK");
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(world_.BalanceOf(card).available, 80);
  }
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), 10);
}

TEST_P(WriteQueueTest, BeyondItsCapacityTheQueueIsFullAndWhatItTookIsDone) {
  const auto queue = Queue({.lanes = 1, .capacity = 4});
  const auto release = Occupy(*queue);
  std::vector<std::future<std::string>> outcomes;
  for (int i = 0; i < 5; ++i) outcomes.push_back(Submit(*queue, world_.Scan(1, 1'000)));
  EXPECT_EQ(outcomes[3].get(), "QUEUE_FULL");
  EXPECT_EQ(outcomes[4].get(), "QUEUE_FULL");
  EXPECT_EQ(queue->waiting(), 4U);
  release->set_value();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].get(), "OK");
  EXPECT_EQ(world_.BalanceOf(1).available, 30);
}

TEST_P(WriteQueueTest, OneKeyLeavesRoomToTheOthers) {
  const auto queue = Queue({.lanes = 1, .capacity = 100});
  const auto release = Occupy(*queue);
  std::vector<std::future<std::string>> greedy, others;
  for (int i = 0; i < 100; ++i) greedy.push_back(Submit(*queue, world_.Scan(1, 100)));
  EXPECT_EQ(OutcomeSoFar(greedy.back()), "QUEUE_FULL");
  EXPECT_EQ(queue->waiting(), 81U) << "a fifth is left";
  Command other = world_.Scan(2, 1'000);
  other.principal_id += 1'000;
  others.push_back(Submit(*queue, other));
  release->set_value();
  for (auto& outcome : others) EXPECT_EQ(outcome.get(), "OK");
}

TEST_P(WriteQueueTest, WhoWaitsForRoomIsCalledWhenACommandLeaves) {
  const auto queue = Queue({.lanes = 1, .capacity = 4});
  bool at_once = false;
  queue->WhenRoom([&] { at_once = true; });
  EXPECT_TRUE(at_once) << "nothing is in the queue";
  const auto release = Occupy(*queue);
  std::vector<std::future<std::string>> outcomes;
  for (int i = 0; i < 3; ++i) outcomes.push_back(Submit(*queue, world_.Scan(1, 1'000)));
  std::vector<std::promise<void>> called(3);
  std::atomic<int> calls{0};
  for (auto& one : called)
    queue->WhenRoom([&] {
      ++calls;
      one.set_value();
    });
  EXPECT_EQ(calls, 0);
  release->set_value();
  for (auto& one : called) one.get_future().wait();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "OK");
}

TEST_P(WriteQueueTest, WhoWaitsForRoomIsCalledWhenTheQueueEnds) {
  auto queue = Queue({.lanes = 1, .capacity = 2});
  const auto release = Occupy(*queue);
  std::promise<std::string> told;
  queue->WhenRoom([&, ending = queue.get()] { told.set_value(Submit(*ending, world_.Scan(1, 100)).get()); });
  std::thread end([&queue] { queue.reset(); });
  EXPECT_EQ(told.get_future().get(), "UNAVAILABLE");
  release->set_value();
  end.join();
}

TEST_P(WriteQueueTest, StreamsLeaveRoomForSingleCalls) {
  const auto queue = Queue({.lanes = 1, .capacity = 5});
  const auto release = Occupy(*queue);
  const auto stream = [&] {
    return queue->Submit(
        world_.Scan(1, 100), [](const Result<Answer>&) {}, Sender::kStream);
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream());
  EXPECT_EQ(stream().error().reason, Reason::kQueueFull);
  auto call = Submit(*queue, world_.Scan(1, 1'000));
  EXPECT_EQ(Submit(*queue, world_.Scan(1, 1'000)).get(), "QUEUE_FULL");
  release->set_value();
  EXPECT_EQ(call.get(), "OK");
}

// Places alone are no limit: as many as a lane has, of the largest receipts that are allowed, are 380 MB.
TEST_P(WriteQueueTest, LargeRequestsFillItBeforeItsPlacesAreTaken) {
  const auto queue = Queue({.lanes = 1, .capacity = 100, .bytes_max = 1'000'000});
  const auto release = Occupy(*queue);
  const auto large = [this](int card) {
    Command command = world_.Scan(card, 1'000);
    command.bytes = 300'000;
    return command;
  };
  std::vector<std::future<std::string>> outcomes;
  for (int card = 1; card <= 5; ++card) outcomes.push_back(Submit(*queue, large(card)));
  EXPECT_EQ(OutcomeSoFar(outcomes[3]), "QUEUE_FULL");
  EXPECT_EQ(OutcomeSoFar(outcomes[4]), "QUEUE_FULL");
  EXPECT_EQ(queue->waiting_bytes(), 900'000U);
  EXPECT_EQ(queue->waiting(), 4U) << "who was refused has no place";
  Command other = world_.Scan(6, 1'000);
  other.principal_id += 1'000;  // whoever has so much has no more
  auto small = Submit(*queue, other);
  release->set_value();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].get(), "OK");
  EXPECT_EQ(small.get(), "OK");
  EXPECT_EQ(queue->waiting_bytes(), 0U);
  EXPECT_EQ(Submit(*queue, large(5)).get(), "OK") << "an answer makes room";
}

TEST_P(WriteQueueTest, LargeRequestsOfStreamsLeaveRoomForSingleCalls) {
  const auto queue = Queue({.lanes = 1, .capacity = 100, .bytes_max = 1'000'000});
  const auto release = Occupy(*queue);
  const auto stream = [&](std::size_t bytes) {
    Command command = world_.Scan(1, 100);
    command.bytes = bytes;
    return queue->Submit(
        std::move(command), [](const Result<Answer>&) {}, Sender::kStream);
  };
  EXPECT_TRUE(stream(800'000));
  EXPECT_EQ(stream(1).error().reason, Reason::kQueueFull);
  Command call = world_.Scan(1, 1'000);
  call.bytes = 200'000;
  auto outcome = Submit(*queue, std::move(call));
  release->set_value();
  EXPECT_EQ(outcome.get(), "OK");
}

TEST_P(WriteQueueTest, AsManyOfTheLargestRequestsAsItMayHoldAreAFractionOfItsPlaces) {
  const auto queue = Queue({.lanes = 1});
  const auto release = Occupy(*queue);
  int taken = 0;
  for (int i = 0; i < 640; ++i) {
    Command command = world_.Scan(1, 100);
    command.bytes = 600'000;
    command.principal_id = 1'000 + i;  // else they would leave room to another
    taken += queue->Submit(std::move(command), [](const Result<Answer>&) {}) ? 1 : 0;
  }
  EXPECT_EQ(taken, 27);
  EXPECT_LE(queue->waiting_bytes(), kQueueBytesMax);
  release->set_value();
}

// A batch dies of what nobody foresaw, here of a clock that throws on the lane's thread.
TEST_P(WriteQueueTest, WhatALaneLeavesBehindIsAnsweredAndTheLaneGoesOn) {
  const auto here = std::this_thread::get_id();
  auto broken = std::make_shared<std::atomic<bool>>(false);
  auto queue = Queue({.lanes = 1, .clock = [this, here, broken] {
                        if (std::this_thread::get_id() != here && broken->exchange(false))
                          throw std::runtime_error("no time");
                        return clock_.load();
                      }});
  *broken = true;
  const Command scan = world_.Scan(1, 1'000);
  EXPECT_EQ(Submit(*queue, scan).get(), "UNAVAILABLE");
  EXPECT_EQ(queue->waiting(), 0U);
  EXPECT_EQ(Submit(*queue, scan).get(), "OK");
}

TEST_P(WriteQueueTest, ARefusedCommandIsLeftToItsSender) {
  const auto queue = Queue({.lanes = 1, .capacity = 1});
  const auto release = Occupy(*queue);
  Command command = world_.Scan(1, 100);
  const std::string id = command.request_id;
  EXPECT_FALSE(queue->Submit(std::move(command), [](const Result<Answer>&) {}));
  EXPECT_EQ(command.request_id, id);  // NOLINT(bugprone-use-after-move): that is the promise
  release->set_value();
}

TEST_P(WriteQueueTest, AnAnswerMakesRoom) {
  const auto queue = Queue({.lanes = 1, .capacity = 1});
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 100))), "OK") << i;
}

TEST_P(WriteQueueTest, ADeadlineThatPassesWhileWaitingIsToldAndTheCommandIsDropped) {
  const auto queue = Queue({.lanes = 1});
  const auto release = Occupy(*queue);
  Command late = world_.Scan(1, 1'000);
  late.deadline = clock_ + kSecond;
  auto in_time = Submit(*queue, world_.Scan(2, 1'000));
  auto too_late = Submit(*queue, late);
  clock_ += kSecond + 1;
  release->set_value();
  EXPECT_EQ(too_late.get(), "DEADLINE_EXCEEDED");
  EXPECT_EQ(in_time.get(), "OK");
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), 1);
}

TEST_P(WriteQueueTest, AnOldSnapshotPricesNothing) {
  const auto queue = Queue({.lanes = 1});
  clock_ += kSnapshotAgeMax + 1;
  EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "CATALOGUE_STALE");
  snapshots_.Refresh();
  EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "OK");
}

TEST_P(WriteQueueTest, TheEndOfAQueueFinishesWhatItTook) {
  auto queue = Queue({.lanes = 3});
  std::vector<std::future<std::string>> outcomes;
  for (int i = 0; i < 100; ++i) outcomes.push_back(Submit(*queue, world_.Scan(1 + i % 7, 1'000)));
  queue.reset();
  for (auto& outcome : outcomes) {
    ASSERT_EQ(outcome.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    EXPECT_EQ(outcome.get(), "OK");
  }
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), 100);
}

// What waits while a batch is being committed goes into the next one together.
TEST_P(WriteQueueTest, CommandsThatWaitShareABatch) {
  std::vector<std::size_t> sizes;
  auto queue = Queue({.lanes = 1, .batch_max = 10, .capacity = 100, .on_batch = [&sizes](std::size_t size) {
                        sizes.push_back(size);
                      }});
  const auto release = Occupy(*queue);
  std::vector<std::future<std::string>> outcomes;
  for (int i = 0; i < 25; ++i) outcomes.push_back(Submit(*queue, world_.Scan(1, 1'000)));
  release->set_value();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "OK");
  queue.reset();
  EXPECT_THAT(sizes, ::testing::ElementsAre(1, 10, 10, 5));
}

// A lane stands still in a batch that has asked for its snapshot. Goal: whoever waits for the batches of all lanes does
// not go on before that one has ended, on whichever lane it is; and it waits for no batch that begins later. Method: a
// clock stops the lane of one member; each batch asks for the time once before it asks for its snapshot, and once
// after.
TEST(WriteQueueLanesTest, BatchesThatHaveBegunAreAwaitedOnEveryLane) {
  BatchWorld world(Engine::kMysql);
  constexpr int kMembers = 8;  // some on each lane
  for (int card = 1; card <= kMembers; ++card) world.Must(world.Scan(card, 1'000));
  SnapshotHolder snapshots(world.database().url(), [] { return test::kStart; });
  for (int card = 1; card <= kMembers; ++card) {
    std::promise<void> reached, release;
    std::atomic<int> looks{0};
    std::atomic<bool> armed{false};
    const auto here = std::this_thread::get_id();
    std::atomic<std::thread::id> router{};
    std::vector<std::string> order;
    std::mutex mutex;
    const auto note = [&](const std::string& what) {
      const std::lock_guard lock(mutex);
      order.push_back(what);
    };
    WriteQueueOptions options{.lanes = 2, .on_batch = [&](std::size_t) { note("committed"); }};
    options.clock = [&] {
      const auto me = std::this_thread::get_id();
      if (!armed || me == here || me == router.load()) return test::kStart;
      // The router asks first, in its own thread.
      if (looks.fetch_add(1) == 0) {
        router = me;
      } else if (looks == 3) {
        reached.set_value();
        release.get_future().wait();
      }
      return test::kStart;
    };
    auto queue = std::make_unique<WriteQueue>(world.database().url(), snapshots, test::TestKeys(), options);
    armed = true;
    std::promise<std::string> outcome;
    ASSERT_TRUE(queue->Submit(world.Scan(card, 1'000),
                              [&](const Result<Answer>& answer) { outcome.set_value(Outcome(answer)); }));
    reached.get_future().wait();
    armed = false;
    std::promise<void> waiting;
    std::thread waiter([&] {
      waiting.set_value();
      queue->AwaitBatches();
      note("awaited");
    });
    waiting.get_future().wait();
    // Time for it to go wrong in: whoever does not wait is done before a command of each lane is.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    release.set_value();
    EXPECT_EQ(outcome.get_future().get(), "OK");
    waiter.join();
    EXPECT_THAT(order, ::testing::ElementsAre("committed", "awaited")) << "card " << card;
    queue->AwaitBatches();  // nobody is at work
  }
}

}  // namespace
}  // namespace loyalty
