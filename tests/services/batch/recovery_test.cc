#include "services/batch/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/services/batch/recovering.h"

namespace loyalty {
namespace {

using storage::Engine;
using storage::Failure;
using storage::FailureKind;
using test::BatchWorld;
using test::FailOnceAt;
using test::Outcome;
using test::Outcomes;
using test::RecoveringLane;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool IsBegin(std::string_view statement) { return statement == "BEGIN IMMEDIATE" || statement == "START TRANSACTION"; }

class RecoveryTest : public ::testing::TestWithParam<Engine> {
 protected:
  storage::Session& session() { return world_.session(); }
  std::vector<Command> FourScans() {
    return {world_.Scan(1, 1'000), world_.Scan(2, 1'000), world_.Scan(1, 1'000), world_.Scan(3, 1'000)};
  }

  BatchWorld world_{GetParam()};
  RecoveringLane lane_{world_};
};
INSTANTIATE_TEST_SUITE_P(Engines, RecoveryTest, test::kBothEngines, test::EngineName);

TEST_P(RecoveryTest, AConflictRunsTheBatchAgain) {
  session().set_hook(FailOnceAt("COMMIT", FailureKind::kConflict));
  EXPECT_THAT(Outcomes(lane_.Run(FourScans())), Each("OK"));
  EXPECT_THAT(lane_.pauses, ElementsAre(1));
  EXPECT_THAT(lane_.batches, ElementsAre(4));
  EXPECT_EQ(world_.BalanceOf(1).available, 20);
}

TEST_P(RecoveryTest, RepeatedConflictsHalveTheBatch) {
  int conflicts = kConflictsMax + 1;
  session().set_hook([&](std::string_view statement) {
    if (IsBegin(statement) && conflicts-- > 0) throw Failure(FailureKind::kConflict, "injected");
  });
  EXPECT_THAT(Outcomes(lane_.Run(FourScans())), Each("OK"));
  EXPECT_THAT(lane_.batches, ElementsAre(2, 2));
}

TEST_P(RecoveryTest, ConflictsWithoutEndComeToSinglesAndContention) {
  int tries = 0;
  session().set_hook([&](std::string_view statement) {
    if (!IsBegin(statement)) return;
    ++tries;
    throw Failure(FailureKind::kConflict, "injected");
  });
  EXPECT_THAT(Outcomes(lane_.Run(FourScans())), Each("CONTENTION"));
  EXPECT_THAT(lane_.batches, IsEmpty());
  EXPECT_EQ(tries, (1 + 2) * (kConflictsMax + 1) + 4 * (kConflictsAloneMax + 1));
  EXPECT_EQ(lane_.conflicts, tries) << "each is counted";
}

// A caller who was told CONTENTION would send it for ever.
TEST_P(RecoveryTest, AKeyThatIsTakenByWhatNobodyFindsIsNotContention) {
  session().set_hook([&](std::string_view statement) {
    if (statement == "insert receipts") throw Failure(FailureKind::kDuplicate, "injected");
  });
  const Result<Answer> answer = lane_.Run(world_.Scan(1, 1'000));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, Reason::kInternal);
  EXPECT_EQ(lane_.conflicts, kConflictsAloneMax + 1);
}

// Found on a database that was damaged: every server that was asked ended, one after the other.
TEST_P(RecoveryTest, ARequestWhoseReceiptIsGoneEndsItsCommandAndNothingElse) {
  const Command scan = world_.Scan(1, 1'000);
  ASSERT_EQ(Outcome(lane_.Run(scan)), "OK");
  session().Run("DELETE FROM receipts");
  world_.check_at_end = false;
  EXPECT_THAT(Outcomes(lane_.Run(std::vector{scan, world_.Scan(2, 1'000)})), ElementsAre("INTERNAL", "OK"));
}

// Goal: a batch that was committed is not run again because of what a callback does. Method: the second of four throws;
// each must have been answered once, with what its first run came to.
TEST_P(RecoveryTest, ACallbackThatThrowsRunsNothingAgain) {
  lane_.on_answer = [](std::size_t place) {
    if (place == 1) throw std::runtime_error("a caller's own");
  };
  const auto answers = lane_.Run(FourScans());
  EXPECT_THAT(Outcomes(answers), Each("OK"));
  for (const auto& answer : answers) EXPECT_FALSE(answer->replayed);
  EXPECT_THAT(lane_.batches, ElementsAre(4));
}

TEST_P(RecoveryTest, LostAtCommitBeforeItTookEffect) {
  const auto commands = FourScans();
  session().set_hook(FailOnceAt("COMMIT", FailureKind::kLost));
  const auto answers = lane_.Run(commands);
  EXPECT_THAT(Outcomes(answers), Each("OK"));
  for (const auto& answer : answers) EXPECT_FALSE(answer->replayed);
  EXPECT_EQ(world_.BalanceOf(1).available, 20);
}

TEST_P(RecoveryTest, LostAtCommitAfterItTookEffect) {
  const auto commands = FourScans();
  session().set_hook(FailOnceAt("COMMIT done", FailureKind::kLost));
  const auto answers = lane_.Run(commands);
  EXPECT_THAT(Outcomes(answers), Each("OK"));
  for (const auto& answer : answers) EXPECT_TRUE(answer->replayed);
  EXPECT_EQ(test::ScanOf(answers[0]).sale().points_earned(), 10);
  EXPECT_EQ(world_.BalanceOf(1).available, 20);
}

TEST_P(RecoveryTest, ADatabaseThatStaysAwayIsUnavailable) {
  int tries = 0;
  session().set_hook([&](std::string_view statement) {
    if (!IsBegin(statement)) return;
    ++tries;
    throw Failure(FailureKind::kLost, "injected");
  });
  EXPECT_THAT(Outcomes(lane_.Run(FourScans())), Each("UNAVAILABLE"));
  EXPECT_EQ(tries, 1 + kReconnectsMax);
}

TEST_P(RecoveryTest, AFullDatabaseIsUnavailableAndNothingIsWritten) {
  const auto before = world_.database().RowCounts();
  session().set_hook(FailOnceAt("insert entries", FailureKind::kFull));
  const auto commands = FourScans();
  EXPECT_THAT(Outcomes(lane_.Run(commands)), Each("UNAVAILABLE"));
  EXPECT_EQ(world_.database().RowCounts(), before);
  EXPECT_THAT(Outcomes(lane_.Run(commands)), Each("OK"));
}

// Only the enrolment draws a random name; the source of it is broken.
TEST_P(RecoveryTest, OnlyTheCulpritOfABugFails) {
  for (const int card : {1, 2}) world_.Must(world_.Scan(card, 1'000));
  lane_.random = []() -> std::int64_t { throw std::runtime_error("a bug above storage"); };
  EXPECT_THAT(Outcomes(lane_.Run({world_.Scan(1, 1'000), world_.Enroll({7}), world_.Scan(2, 1'000)})),
              ElementsAre("OK", "INTERNAL", "OK"));
  EXPECT_THAT(lane_.batches, ElementsAre(1, 1));
  EXPECT_EQ(world_.BalanceOf(2).available, 20);
}

// A member's public name that is taken cannot be written, however often it is tried; with another draw it can.
TEST_P(RecoveryTest, ANameDrawnTwiceIsDrawnAgain) {
  world_.Must(world_.Scan(1, 1'000));
  world_.randoms = 0;
  EXPECT_EQ(Outcome(lane_.Run(world_.Scan(2, 1'000))), "OK");
  EXPECT_EQ(lane_.pauses.size(), 1U);
}

// The database was away for long: what the batch was to be judged by is too old when it comes back.
TEST_P(RecoveryTest, EveryTryAsksForAFreshSnapshot) {
  session().set_hook([&, done = false](std::string_view name) mutable {
    if (std::exchange(done, true) || !IsBegin(name)) return;
    lane_.stale = Error{Reason::kCatalogueStale, "too old", {}};
    throw Failure(FailureKind::kLost, "injected");
  });
  const auto commands = FourScans();
  EXPECT_THAT(Outcomes(lane_.Run(commands)), Each("CATALOGUE_STALE"));
  lane_.stale.reset();
  EXPECT_THAT(Outcomes(lane_.Run(commands)), Each("OK"));
}

// --- another server, another session: MariaDB only, where two can write at a time ---

class TwoServersTest : public ::testing::Test {
 protected:
  // Lets another server commit a batch in the middle of ours, before the statement of this name, once.
  void CommitElsewhereBefore(const std::string& statement, const Command& command) {
    world_.session().set_hook([this, statement, command, done = false](std::string_view name) mutable {
      if (done || name != statement) return;
      done = true;
      elsewhere_ = Outcome(other_.Run(command));
    });
  }

  BatchWorld world_{Engine::kMysql};
  std::unique_ptr<storage::Session> other_session_ = world_.database().Open();
  RecoveringLane lane_{world_};
  RecoveringLane other_{world_, other_session_.get()};
  std::string elsewhere_;
};

TEST_F(TwoServersTest, TheFirstScansOfANewCardMakeOneMember) {
  CommitElsewhereBefore("insert identifiers", world_.Scan(1, 1'000));
  const auto answer = lane_.Run(world_.Scan(1, 2'000));
  EXPECT_EQ(Outcome(answer), "OK");
  EXPECT_FALSE(test::ScanOf(answer).member_created());
  EXPECT_EQ(elsewhere_, "OK");
  EXPECT_EQ(lane_.pauses.size(), 1U);
  EXPECT_EQ(world_.BalanceOf(1).available, 30);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM members"), 1);
}

TEST_F(TwoServersTest, TheSameRequestOnTwoServersTakesEffectOnce) {
  const Command scan = world_.Scan(1'000'001, 1'000);  // no member: nothing is locked
  CommitElsewhereBefore("insert receipts", scan);
  const auto answer = lane_.Run(scan);
  EXPECT_EQ(Outcome(answer), "OK");
  EXPECT_TRUE(answer->replayed);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), 1);
}

TEST_F(TwoServersTest, TheSameReceiptUnderTwoRequestsIsRecordedOnce) {
  const Command scan = world_.Scan(1'000'001, 1'000);
  CommitElsewhereBefore("insert receipts", world_.Again(scan));
  const auto answer = lane_.Run(scan);
  EXPECT_EQ(Outcome(answer), "OK");
  EXPECT_TRUE(answer->replayed);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM receipts"), 1);
}

TEST_F(TwoServersTest, AReceiptNumberTakenElsewhereWithOtherContentIsAConflictOfReceipts) {
  CommitElsewhereBefore("insert receipts", world_.Scan(1'000'001, 1'000, "R"));
  EXPECT_EQ(Outcome(lane_.Run(world_.Scan(1'000'001, 2'000, "R"))), "RECEIPT_CONFLICT");
}

// An admin's request that another server answers while ours waits for the lock is answered again, not refused.
TEST_F(TwoServersTest, TheSameAdminRequestOnTwoServersTakesEffectOnce) {
  const Command create = world_.CreateStore("west");
  CommitElsewhereBefore("lock program", create);
  const auto answer = lane_.Run(create);
  EXPECT_EQ(elsewhere_, "OK");
  EXPECT_EQ(Outcome(answer), "OK");
  EXPECT_TRUE(answer && answer->replayed);
}

// The card becomes another member's between the look at it and the lock.
TEST_F(TwoServersTest, ACardThatMovesBeforeTheLockIsLookedUpAgain) {
  const auto first = world_.MemberOf((world_.Must(world_.Scan(1, 1'000)), 1));
  world_.Must(world_.Scan(2, 1'000));
  world_.session().set_hook([&, done = false](std::string_view name) mutable {
    if (done || name != "lock members") return;
    done = true;
    world_.Edit<storage::IdentifierRow>(
        "card:2", [first](auto& row) { row.member_id = first; }, other_session_.get());
  });
  EXPECT_EQ(Outcome(lane_.Run(world_.Redeem(2, 10))), "OK");
  EXPECT_EQ(lane_.pauses.size(), 1U);
  EXPECT_EQ(world_.MemberOf(2), first);
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
}

TEST_F(TwoServersTest, AMemberIsLockedWhileItsBatchRuns) {
  world_.Must(world_.Scan(1, 10'000));
  std::string blocked;
  world_.session().set_hook([&, done = false](std::string_view name) mutable {
    if (done || name != "update members") return;
    done = true;
    try {
      storage::Transaction transaction(*other_session_);
      other_session_->Run("UPDATE members SET state = 2");
    } catch (const Failure& failure) {
      blocked = failure.what();
    }
  });
  EXPECT_EQ(Outcome(lane_.Run(world_.Redeem(1, 10))), "OK");
  EXPECT_EQ(blocked, "MySQL error 1205");
}

TEST_F(TwoServersTest, AConnectionKilledAtCommitIsAnsweredFromTheNextOne) {
  std::string id;
  world_.session().Read("SELECT CONNECTION_ID()", [&id](std::int64_t number) { id = std::to_string(number); });
  world_.session().set_hook([&, done = false](std::string_view name) mutable {
    if (std::exchange(done, done || name == "COMMIT") || name != "COMMIT") return;
    other_session_->Run("KILL CONNECTION " + id);
  });
  EXPECT_EQ(Outcome(lane_.Run(world_.Scan(1, 1'000))), "OK");
  EXPECT_EQ(world_.BalanceOf(1).available, 10);
}

// A value that the table refuses: only its command fails, and with INTERNAL, not with a refusal.
TEST_F(TwoServersTest, OnlyTheCulpritOfBadDataFails) {
  Command bad = world_.Scan(2, 1'000);
  std::get<Scan>(bad.payload).at_till.said = std::string(65, 'x');
  EXPECT_THAT(Outcomes(lane_.Run({world_.Scan(1, 1'000), bad, world_.Scan(3, 1'000)})),
              ElementsAre("OK", "INTERNAL", "OK"));
}

}  // namespace
}  // namespace loyalty
