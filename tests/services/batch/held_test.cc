// Goal: whoever holds a row, a host that died among them, stops the commands that need it and no others. Method: a
// plain session on a real MariaDB locks a member and says nothing more.
#include <gtest/gtest.h>

#include <future>

#include "services/queue/write_queue.h"
#include "tests/services/batch/recovering.h"

namespace loyalty {
namespace {

using storage::Engine;
using storage::Failure;
using storage::FailureKind;
using storage::Session;
using storage::Transaction;
using test::BatchWorld;
using test::Outcome;
using test::RecoveringLane;

constexpr int kOthers = 20;
constexpr int kHeldCard = 7;

class HeldTest : public ::testing::Test {
 protected:
  HeldTest() {
    for (int card = 1; card <= kOthers + 1; ++card) world_.Must(world_.Scan(card, 1'000));
  }

  // Takes the lock on the member of the card, by another session, for as long as the object lives.
  class Holder {
   public:
    explicit Holder(BatchWorld& world) : session_(world.database().Open()), transaction_(*session_) {
      session_->Read("SELECT id FROM members WHERE id = " + std::to_string(world.MemberOf(kHeldCard)) + " FOR UPDATE",
                     [](std::int64_t) {});
    }

   private:
    std::unique_ptr<Session> session_;
    Transaction transaction_;
  };

  std::vector<Command> ScansOfAll() {
    std::vector<Command> scans;
    for (int card = 1; card <= kOthers + 1; ++card) scans.push_back(world_.Scan(card, 1'000));
    return scans;
  }

  std::unique_ptr<WriteQueue> Queue() {
    return std::make_unique<WriteQueue>(world_.database().url(), snapshots_, test::TestKeys(),
                                        WriteQueueOptions{.lanes = 1, .clock = [this] { return clock_.load(); }});
  }

  static std::future<std::string> Submit(WriteQueue& queue, Command command) {
    auto promise = std::make_shared<std::promise<std::string>>();
    EXPECT_TRUE(queue.Submit(std::move(command),
                             [promise](const Result<Answer>& answer) { promise->set_value(Outcome(answer)); }));
    return promise->get_future();
  }

  static bool IsAnswered(const std::future<std::string>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  BatchWorld world_{Engine::kMysql};
  std::atomic<Instant> clock_{test::kStart};
  SnapshotHolder snapshots_{world_.database().url(), [this] { return clock_.load(); }};
};

TEST_F(HeldTest, ABatchGoesOnWithoutTheCommandWhoseMemberIsHeld) {
  const auto scans = ScansOfAll();
  std::vector<BatchCommand> commands;
  for (const Command& scan : scans) commands.push_back({&scan});
  BatchContext context = world_.Context();
  context.locks = Locks::kTry;
  {
    const Holder holder(world_);
    const BatchResults results = RunBatch(context, commands);
    EXPECT_TRUE(results.held);
    for (int card = 1; card <= kOthers + 1; ++card) {
      const auto& result = results[static_cast<std::size_t>(card - 1)];
      EXPECT_EQ(result ? Outcome(*result) : "waits", card == kHeldCard ? "waits" : "OK") << card;
    }
    EXPECT_EQ(world_.BalanceOf(1).available, 20);
  }
  const BatchResults results = RunBatch(context, {commands[kHeldCard - 1]});
  EXPECT_FALSE(results.held);
  ASSERT_TRUE(results[0]);
  EXPECT_EQ(Outcome(*results[0]), "OK");
  EXPECT_EQ(world_.BalanceOf(kHeldCard).available, 20);
}

// Two looks, and one wait of a second; whoever was waited for once is not waited for again.
TEST_F(HeldTest, TheOthersAreAnsweredAtTheFirstLookAndTheRowIsWaitedForOnce) {
  const auto scans = ScansOfAll();
  RecoveringLane lane(world_);
  std::vector<std::string> order;
  world_.session().set_hook([&order](std::string_view statement) {
    if (statement == "lock members" || statement == "COMMIT") order.emplace_back(statement);
  });
  auto holder = std::make_unique<Holder>(world_);
  lane.on_aside = [&](std::size_t count) {
    EXPECT_EQ(count, 1U);
    order.emplace_back("aside");
    if (lane.asides == 2) holder.reset();
  };
  for (const auto& answer : lane.Run(scans)) EXPECT_EQ(Outcome(answer), "OK");
  world_.session().set_hook(nullptr);
  const std::vector<std::string> expected = {"lock members", "COMMIT", "lock members", "lock members", "aside",
                                             "lock members", "aside",  "lock members", "COMMIT"};
  EXPECT_EQ(order, expected);
  EXPECT_EQ(lane.batches, (std::vector<std::size_t>{kOthers + 1, 1}));
}

TEST_F(HeldTest, WhatSharesAMemberWithAHeldCommandKeepsItsPlace) {
  const Command scan = world_.Scan(kHeldCard, 1'000), redeem = world_.Redeem(kHeldCard, 15);
  RecoveringLane lane(world_);
  auto holder = std::make_unique<Holder>(world_);
  lane.on_aside = [&](std::size_t count) {
    EXPECT_EQ(count, 2U);
    holder.reset();
  };
  for (const auto& answer : lane.Run({scan, redeem})) EXPECT_EQ(Outcome(answer), "OK");
  EXPECT_EQ(world_.BalanceOf(kHeldCard).available, 5);
}

TEST_F(HeldTest, ALaneAnswersTheOthersWhileTheRowIsHeldAndTheHeldOneAfterwards) {
  const auto queue = Queue();
  auto holder = std::make_unique<Holder>(world_);
  auto held = Submit(*queue, world_.Scan(kHeldCard, 1'000));
  for (int round = 0; round < 3; ++round) {
    std::vector<std::future<std::string>> others;
    for (int card = 1; card <= kOthers + 1; ++card)
      if (card != kHeldCard) others.push_back(Submit(*queue, world_.Scan(card, 1'000)));
    for (auto& other : others) EXPECT_EQ(other.get(), "OK");
    EXPECT_FALSE(IsAnswered(held));
  }
  holder.reset();
  EXPECT_EQ(held.get(), "OK");
  EXPECT_EQ(world_.BalanceOf(kHeldCard).available, 20);
}

TEST_F(HeldTest, AHeldCommandWhoseDeadlinePassesIsUnavailable) {
  const auto queue = Queue();
  const Holder holder(world_);
  Command scan = world_.Scan(kHeldCard, 1'000);
  scan.deadline = clock_ + kSecond;
  auto held = Submit(*queue, scan);
  // The row has been looked for when another command, which came later, has its answer.
  EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "OK");
  clock_ += kSecond + 1;
  EXPECT_EQ(held.get(), "UNAVAILABLE");
}

TEST_F(HeldTest, TheEndOfAQueueAnswersWhatIsHeld) {
  auto queue = Queue();
  const Holder holder(world_);
  auto held = Submit(*queue, world_.Scan(kHeldCard, 1'000));
  queue.reset();
  EXPECT_EQ(held.get(), "UNAVAILABLE");
}

// The program's row, that every administrator needs: a lane with an admin command must not stand still for long.
TEST_F(HeldTest, ACommandThatRunsAloneIsGivenUpAfterTwoWaits) {
  const auto other = world_.database().Open();
  const Transaction transaction(*other);
  other->Read("SELECT id FROM program FOR UPDATE", [](std::int64_t) {});
  RecoveringLane lane(world_);
  int locks = 0;
  world_.session().set_hook([&locks](std::string_view statement) { locks += statement == "lock program" ? 1 : 0; });
  EXPECT_EQ(Outcome(lane.Run(world_.CreateStore("Mitte"))), "CONTENTION");
  world_.session().set_hook(nullptr);
  EXPECT_EQ(locks, kLockWaitsAloneMax);
}

TEST_F(HeldTest, TheServerEndsATransactionOfALaneThatSaysNothing) {
  Session silent(world_.database().url(), {.idle_transaction_seconds = 1});
  const Transaction transaction(silent);
  silent.Read("SELECT id FROM members FOR UPDATE", [](std::int64_t) {});
  const auto other = world_.database().Open();
  bool locked = false;
  for (int tries = 0; tries < 10 && !locked; ++tries) {
    try {
      const Transaction again(*other);
      other->Read("SELECT id FROM members FOR UPDATE", [&locked](std::int64_t) { locked = true; });
    } catch (const Failure& failure) {
      EXPECT_TRUE(failure.is_lock_wait()) << failure.what();
    }
  }
  EXPECT_TRUE(locked);
  try {
    silent.Run("SELECT 1");
    ADD_FAILURE() << "the connection is still there";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::kLost) << failure.what();
  }
}

TEST_F(HeldTest, EveryLaneAsksTheServerForThat) {
  std::int64_t seconds = 0;
  Command command = world_.CreateStore("Mitte");
  command.payload = Admin{[&seconds](const AdminStep& step) -> Result<AdminOutcome> {
    step.session.Read("SELECT @@idle_transaction_timeout", [&seconds](std::int64_t value) { seconds = value; });
    return Error{Reason::kInvalidArgument, "enough", {}};
  }};
  EXPECT_EQ(Outcome(Queue()->Execute(command)), "INVALID_ARGUMENT");
  EXPECT_EQ(seconds, storage::kIdleTransactionSeconds);
}

}  // namespace
}  // namespace loyalty
