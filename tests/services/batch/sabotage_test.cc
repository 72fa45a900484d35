// Goal: each guard is needed, and a test sees when it is gone. Method: this program is built with switches that shipped
// ones do not have; LOYALTY_SABOTAGE names the guard that is off. A scenario holds with all guards on, and must be seen
// to break without the one it is named after.
#include <gtest/gtest.h>

#include <cstdlib>

#include "storage/guards.h"
#include "storage/jobs.h"
#include "tests/services/batch/recovering.h"

namespace loyalty {
namespace {

using storage::Engine;
using storage::Failure;
using storage::FailureKind;
using test::BatchWorld;
using test::Outcome;
using test::RecoveringLane;

bool IsOff(std::string_view guard) {
  const char* off = std::getenv("LOYALTY_SABOTAGE");
  return off != nullptr && off == guard;
}

// Runs `action` once, before the first statement of this name.
void Before(storage::Session& session, std::string statement, std::function<void()> action) {
  session.set_hook([statement = std::move(statement), action = std::move(action), done = false](auto name) mutable {
    if (done || name != statement) return;
    done = true;
    action();
  });
}

// Two servers record a receipt of the same member at once. Neither earns a point, so that no entry's key stands in the
// way of the other: only the lock and the version of the member's row keep both in the statistics.
TEST(SabotageTest, MemberLock) {
  BatchWorld world(Engine::kMysql);
  world.check_at_end = false;
  world.Must(world.Scan(1, 50));
  const auto other = world.database().Open();
  RecoveringLane ours(world), theirs(world, other.get());
  const Command first = world.Scan(1, 60), second = world.Scan(1, 70);
  Before(world.session(), "update members", [&] {
    BatchContext context = world.Context(other.get());
    try {
      static_cast<void>(RunBatch(context, {&second}));
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::kConflict);  // the lock holds; tried again below
    }
  });
  EXPECT_EQ(Outcome(ours.Run(first)), "OK");
  world.session().set_hook(nullptr);
  EXPECT_EQ(Outcome(theirs.Run(second)), "OK");
  EXPECT_EQ(world.Fault().empty(), !IsOff("member_lock")) << world.Fault();
}

// On a cluster the lock does not reach the other node, whose change arrives under our feet; here by our own session.
TEST(SabotageTest, MemberVersion) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.Must(world.Scan(1, 10'000));
    RecoveringLane lane(world);
    Before(world.session(), "update members", [&] {
      world.session().Run("UPDATE members SET state = 2, version = version + 1");  // the other node blocks the member
    });
    EXPECT_EQ(Outcome(lane.Run(world.Redeem(1, 10))), "OK");
    const bool noticed = lane.pauses.size() == 1;
    EXPECT_EQ(noticed, !IsOff("member_version"));
  }
}

TEST(SabotageTest, RequestLookup) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.Must(world.Scan(1, 10'000));
    RecoveringLane lane(world);
    const Command redeem = world.Redeem(1, 30);
    const auto first = lane.Run(redeem);
    const auto again = lane.Run(redeem);
    ASSERT_TRUE(first);
    const bool same = again && again->replayed && again->result == first->result;
    EXPECT_EQ(same, !IsOff("request_lookup")) << Outcome(again);
  }
}

TEST(SabotageTest, ReceiptLookup) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    RecoveringLane lane(world);
    const Command scan = world.Scan(1, 10'000);
    const auto first = lane.Run(scan);
    const auto again = lane.Run(world.Again(scan));
    ASSERT_TRUE(first);
    const bool same = again && again->replayed && again->result == first->result;
    EXPECT_EQ(same, !IsOff("receipt_lookup")) << Outcome(again);
  }
}

// A server that slept through the end of its lease goes on where it was.
TEST(SabotageTest, JobLease) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    const auto in_transaction = [&world](const auto& body) {
      storage::Transaction transaction(world.session());
      const bool ours = body(world.session());
      transaction.Commit();
      return ours;
    };
    EXPECT_TRUE(in_transaction([](auto& session) { return storage::TakeLease(session, "jobs", "first", 0, 10); }));
    EXPECT_FALSE(in_transaction([](auto& session) { return storage::TakeLease(session, "jobs", "second", 9, 99); }));
    EXPECT_TRUE(in_transaction([](auto& session) { return storage::KeepLease(session, "jobs", "first", 20); }));
    EXPECT_TRUE(in_transaction([](auto& session) { return storage::TakeLease(session, "jobs", "second", 20, 30); }));
    const bool kept = in_transaction([](auto& session) { return storage::KeepLease(session, "jobs", "first", 40); });
    EXPECT_EQ(kept, IsOff("job_lease"));
  }
}

// A customer comes back after a long silence: it was lost before it came.
TEST(SabotageTest, Advance) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.LayDownMeasure();
    world.Must(world.Scan(1, 1'000));
    world.now += 100 * kDayLength;
    world.Must(world.Scan(1, 1'000));
    EXPECT_EQ(world.database().Number("SELECT COUNT(*) FROM lifecycle_transitions WHERE to_stage = 5") > 0,
              !IsOff("advance"));
  }
}

// Two servers meet a new card at once; the second to write finds the key taken and must look again.
TEST(SabotageTest, UniqueRetry) {
  BatchWorld world(Engine::kMysql);
  const auto other = world.database().Open();
  RecoveringLane ours(world), theirs(world, other.get());
  const Command second = world.Scan(1, 2'000);
  Before(world.session(), "insert identifiers", [&] { EXPECT_EQ(Outcome(theirs.Run(second)), "OK"); });
  const auto outcome = Outcome(ours.Run(world.Scan(1, 1'000)));
  EXPECT_EQ(outcome, IsOff("unique_retry") ? "REQUEST_ID_REUSED" : "OK");
}

}  // namespace
}  // namespace loyalty
