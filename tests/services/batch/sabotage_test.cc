// Goal: each guard is needed, and a test sees when it is gone. Method: this program is built with switches that shipped
// ones do not have; LOYALTY_SABOTAGE names the guard that is off. A scenario holds with all guards on, and must be seen
// to break without the one it is named after.
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

#include "domain/check.h"
#include "storage/guards.h"
#include "storage/migrations.h"
#include "storage/verify.h"
#include "tests/services/batch/recovering.h"
#include "tests/services/rpc/call_world.h"
#include "tests/support/proxy.h"

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

// A member is enrolled at the desk while it buys something at the till. Without the lock the desk writes back the
// balance that it read before.
TEST(SabotageTest, MemberLock) {
  BatchWorld world(Engine::kMysql);
  world.check_at_end = false;
  world.Must(world.Scan(1, 5'000));
  const auto other = world.database().Open();
  RecoveringLane ours(world), theirs(world, other.get());
  const Command first = world.Enroll({1, 2}), second = world.Scan(1, 7'000);
  Before(world.session(), "update members", [&] {
    BatchContext context = world.Context(other.get());
    try {
      static_cast<void>(RunBatch(context, {{&second}}));
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
      world.session().Run("UPDATE members SET birthday = 33, version = version + 1");  // the other node has heard of it
    });
    EXPECT_EQ(Outcome(lane.Run(world.Redeem(1, 10))), "OK");
    const bool noticed = lane.pauses.size() == 1;
    EXPECT_EQ(noticed, !IsOff("member_version"));
  }
}

// What a callback throws is taken for a fault of the batch, which was committed.
TEST(SabotageTest, Callbacks) {
  BatchWorld world(Engine::kSqlite);
  const Snapshot& snapshot = *world.snapshot();
  RecoveringLane lane(world);
  int answers = 0;
  PendingCommand scan{world.Scan(1, 1'000), [&answers](const Result<Answer>&) {
                        if (++answers == 1) throw std::runtime_error("a caller's own");
                      }};
  RecoveryContext context{world.session(),
                          lane.ids,
                          test::TestKeys(),
                          [&world] { return test::NthRandom(world.randoms++); },
                          [&world] { return world.now; },
                          [](int) {},
                          [&snapshot] { return std::shared_ptr<const Snapshot>(&snapshot, [](const Snapshot*) {}); },
                          {}};
  EXPECT_TRUE(RunRecovering(context, {&scan}).empty());
  EXPECT_EQ(answers == 1, !IsOff("callbacks")) << "answered " << answers << " times";
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
    const bool same = again && again->replayed && again->bytes == first->bytes;
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
    const bool same = again && again->replayed && again->bytes == first->bytes;
    EXPECT_EQ(same, !IsOff("receipt_lookup")) << Outcome(again);
  }
}

// A server that slept through the end of its lease goes on where it was.
TEST(SabotageTest, JobLease) {
  using Hold = Step::Hold;
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.now = 0;
    const auto holds = [&world](Hold hold, const std::string& holder, Instant until) {
      bool held = false;
      Command command;
      command.payload = Step{
          .hold = hold, .lease = "jobs", .holder = holder, .until = until, .run = [&held](StepView& view) -> Status {
            held = view.held;
            return Ok{};
          }};
      EXPECT_EQ(Outcome(world.Run(command)), "OK");
      return held;
    };
    EXPECT_TRUE(holds(Hold::kTake, "first", 10));
    world.now = 9;
    EXPECT_FALSE(holds(Hold::kTake, "second", 99));
    EXPECT_TRUE(holds(Hold::kKeep, "first", 20));
    world.now = 20;
    EXPECT_TRUE(holds(Hold::kTake, "second", 30));
    EXPECT_EQ(holds(Hold::kKeep, "first", 40), IsOff("job_lease"));
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

// The card becomes another member's between the look at it and the lock.
TEST(SabotageTest, NamesAgain) {
  BatchWorld world(Engine::kMysql);
  world.Run({world.Scan(1, 1'000), world.Scan(2, 1'000)});
  const auto next_owner = world.MemberOf(1);
  const auto other = world.database().Open();
  RecoveringLane lane(world);
  Before(world.session(), "lock members", [&] {
    world.Edit<storage::IdentifierRow>(
        "card:2", [next_owner](auto& row) { row.member_id = next_owner; }, other.get());
  });
  EXPECT_EQ(Outcome(lane.Run(world.Scan(2, 3'000))), "OK");
  const auto buyer = world.database().Number("SELECT member_id FROM receipts ORDER BY id DESC LIMIT 1");
  EXPECT_EQ(buyer == next_owner, !IsOff("names_again"));
}

// Another server holds the member: whoever takes it for a member that is gone refuses its card.
TEST(SabotageTest, HeldIsUnknown) {
  BatchWorld world(Engine::kMysql);
  world.Must(world.Scan(1, 1'000));
  const auto other = world.database().Open();
  const storage::Transaction transaction(*other);
  other->Read("SELECT id FROM members FOR UPDATE", [](std::int64_t) {});
  const Command scan = world.Scan(1, 1'000);
  BatchContext context = world.Context();
  context.locks = Locks::kTry;
  const auto results = RunBatch(context, {{&scan}});
  EXPECT_EQ(results[0].has_value(), IsOff("held_is_unknown"));
}

// A card moves, so a command that names it waits for the next batch; what came after it for the same member must too.
TEST(SabotageTest, Waiting) {
  BatchWorld world(Engine::kMysql);
  const auto answers = world.Run({world.Scan(1, 10'000), world.Scan(2, 1'000), world.Scan(3, 1'000)});
  const auto next_owner = world.MemberOf(3);
  const auto other = world.database().Open();
  const std::vector<Command> commands = {world.Link(test::ScanOf(answers[0]).member(), 2), world.Redeem(1, 10),
                                         world.Scan(4, 1'000)};
  Before(world.session(), "lock members", [&] {
    world.Edit<storage::IdentifierRow>(
        "card:2", [next_owner](auto& row) { row.member_id = next_owner; }, other.get());
  });
  BatchContext context = world.Context();
  const auto results = RunBatch(context, {{&commands[0]}, {&commands[1]}, {&commands[2]}});
  world.session().set_hook(nullptr);
  EXPECT_FALSE(results[0]) << "it waits";
  EXPECT_EQ(results[1].has_value(), IsOff("waiting"));
  EXPECT_TRUE(results[2]) << "it has nothing to do with them";
}

// A redemption is hidden from the first read of its name, and there at the next (LoadStaleTest): whoever decides all
// the same has no member to decide on.
TEST(SabotageTest, Ready) {
  BatchWorld world(Engine::kMysql);
  world.Must(world.Scan(1, 10'000));
  const auto other = world.database().Open();
  const Command cancel = world.Cancel(test::RedeemOf(world.Run(world.Redeem(1, 30))).redemption());
  RecoveringLane lane(world);
  other->Run("UPDATE redemptions SET id = -id");
  world.session().set_hook([&other, reads = 0](std::string_view statement) mutable {
    if (statement == "read redemptions" && ++reads == 2) other->Run("UPDATE redemptions SET id = -id");
  });
  const auto outcome = Outcome(lane.Run(cancel));
  world.session().set_hook(nullptr);
  EXPECT_EQ(outcome, IsOff("ready") ? "REDEMPTION_UNKNOWN" : "OK");
}

// Two receipts of a card that nobody has seen, in one batch. Without the check the ledger is asked for more than it can
// hold, and breaks the batch.
TEST(SabotageTest, NewMemberSums) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.check_at_end = false;
    std::vector<Command> rich;
    for (int i = 0; i < 2; ++i) {
      rich.push_back(world.Scan(1, kMoneyMax));
      auto& lines = std::get<Scan>(rich.back().payload).receipt->lines;
      lines.assign(60, lines.front());
    }
    std::string outcome;
    try {
      outcome = test::Outcomes(world.Run(std::move(rich))).back();
    } catch (const BrokenPromise&) {
      outcome = "a broken promise";
    }
    EXPECT_EQ(outcome, IsOff("new_member_sums") ? "a broken promise" : "OVERFLOW");
  }
}

// Training among sales takes places in their batches, and is recorded.
TEST(SabotageTest, QuotesRead) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    test::CallWorld world(engine);
    const auto sizes = world.BatchOfSalesAmong(
        10, [&world](int i) { world.Send(test::CallWorld::kScan, world.Training("training-" + std::to_string(i))); });
    EXPECT_EQ(sizes == (std::vector<std::size_t>{1, 10}), !IsOff("quotes_read"));
    EXPECT_EQ(world.world.database().Number("SELECT COUNT(*) FROM receipts") == 10, !IsOff("quotes_read"));
  }
}

// A firewall has forgotten the connection of a lane: it is not asked first.
TEST(SabotageTest, RenewIdle) {
  constexpr int kGoodbyeBytes = 5;  // what a client says to a connection that it leaves
  BatchWorld world(Engine::kMysql);
  test::Proxy proxy(world.database().url().unix_socket);
  storage::DatabaseUrl url = world.database().url();
  url.unix_socket.clear();
  url.host = "127.0.0.1";
  url.port = std::stoi(proxy.address().substr(proxy.address().rfind(':') + 1));
  storage::Session session(url);
  proxy.ForgetConnections();
  session.RenewIfIdle(std::chrono::milliseconds(0));
  try {
    session.Run("SELECT 1");
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::kLost);
  }
  EXPECT_EQ(proxy.bytes_forgotten() <= kGoodbyeBytes, !IsOff("renew_idle")) << proxy.bytes_forgotten();
}

// A migration of a large table takes longer than a statement of a session may.
TEST(SabotageTest, MigrateLimit) {
  test::TestDatabase database(Engine::kMysql, test::TestDatabase::Content::kNothing);
  storage::Session session(database.url(), {.statement_ms = 100, .network_seconds = 1});
  const std::vector<storage::EmbeddedSql> files = {
      {"0001_slow.sql", "CREATE TABLE a (id ID);\nINSERT INTO a SELECT SLEEP(1.3);\n"}};
  bool migrated = false;
  try {
    migrated = storage::Migrate(session, 42, {.files = files}).has_value();
  } catch (const Failure&) {
  }
  EXPECT_EQ(migrated, !IsOff("migrate_limit"));
}

// Somebody reads a table that a migration changes, and goes on reading: until the migration has given up, or, when it
// waits for longer than it was told to, until it has been seen waiting for so long.
TEST(SabotageTest, MigrateWait) {
  test::TestDatabase database(Engine::kMysql, test::TestDatabase::Content::kNothing);
  database.session().Run("CREATE TABLE a (id BIGINT) ENGINE=InnoDB");
  const auto reader = database.Open();
  auto reads = std::make_optional<storage::Transaction>(*reader);
  reader->Read("SELECT id FROM a", [](std::int64_t) {});
  const std::vector<storage::EmbeddedSql> files = {{"0001_wide.sql", "ALTER TABLE a ADD COLUMN b BIGINT;\n"}};
  auto migrated = std::async(std::launch::async, [&] {
    return storage::Migrate(database.session(), 42, {.table_wait_seconds = 1, .files = files}).has_value();
  });
  const auto watcher = database.Open();
  bool waited_on = false;
  while (!waited_on && migrated.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    watcher->Read(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock' AND "
        "time_ms > 3000",
        [&waited_on](std::int64_t waiting) { waited_on = waiting > 0; });
  }
  reads.reset();
  EXPECT_EQ(migrated.get(), IsOff("migrate_wait")) << "it gave up, and said why";
  EXPECT_EQ(waited_on, IsOff("migrate_wait"));
}

// A command changes its mind after it has written, which none of today does.
TEST(SabotageTest, RefusalUndone) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.check_at_end = false;
    Command command = world.CreateStore("Mitte");
    command.payload = Admin{[create = std::get<Admin>(command.payload)](const AdminStep& step) -> Result<AdminOutcome> {
      static_cast<void>(create.change(step));
      step.session.Run("UPDATE program SET language = 'xx'");
      return Error{Reason::kInvalidArgument, "changed its mind", {}};
    }};
    EXPECT_EQ(Outcome(world.Run(command)), "INVALID_ARGUMENT");
    const auto in_set = world.database().Number("SELECT COUNT(*) FROM stores WHERE name = 'Mitte'");
    const auto by_sql = world.database().Number("SELECT COUNT(*) FROM program WHERE language = 'xx'");
    EXPECT_EQ(in_set > 0, IsOff("refusal_undone"));
    EXPECT_EQ(by_sql > 0, IsOff("refusal_undone"));
  }
}

// Another server's clock is an hour behind.
TEST(SabotageTest, RecordTime) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.check_at_end = false;
    world.Must(world.Scan(1, 1'000));
    world.now -= kHour;
    world.Must(world.Scan(1, 1'000));
    const auto report = storage::VerifyLedger(world.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                              [](const storage::VerifyReport&) { return true; });
    EXPECT_EQ(report.first_difference.empty(), !IsOff("record_time")) << report.first_difference;
    EXPECT_EQ(world.Fault().empty(), !IsOff("record_time")) << "the checker that shares nothing with verify";
  }
}

// What was recorded is counted where the numbers of its block are.
TEST(SabotageTest, BlockSeal) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine);
    world.check_at_end = false;
    world.Must(world.Scan(1, 1'000));
    const auto report = storage::VerifyLedger(world.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                              [](const storage::VerifyReport&) { return true; });
    EXPECT_EQ(report.first_difference.empty(), !IsOff("block_seal")) << report.first_difference;
  }
}

// A member buys twice and spends twice in one batch: what it has done in it counts for the next limit.
TEST(SabotageTest, LimitsInBatch) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    BatchWorld world(engine, {.receipts_per_day = 2, .redemptions_per_day = 1});
    world.Must(world.Scan(1, 1'000));
    const auto answers = world.Run({world.Scan(1, 1'000), world.Scan(1, 1'000)});
    EXPECT_EQ(test::ScanOf(answers[1]).sale().points_earned() == 0, !IsOff("limits_in_batch"));
    const auto spent = world.Run({world.Redeem(1, 1), world.Redeem(1, 1)});
    EXPECT_EQ(Outcome(spent[1]), IsOff("limits_in_batch") ? "OK" : "LIMIT_EXCEEDED");
  }
}

}  // namespace
}  // namespace loyalty
