// Goal: a migration of a large table takes as long as it takes, and says who is in its way. Method: migrations of our
// own on a real MariaDB, by sessions whose limits are low.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/migrations.h"
#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SlowMigrationTest : public ::testing::Test {
 protected:
  TestDatabase database_{Engine::kMysql, TestDatabase::Content::kNothing};
};

TEST_F(SlowMigrationTest, AStatementMayTakeLongerThanTheLimitsOfASession) {
  const std::vector<EmbeddedSql> files = {
      {"0001_slow.sql", "CREATE TABLE a (id ID);\nINSERT INTO a SELECT SLEEP(1.3);\n"}};
  // Not DO, which keeps the error for itself.
  const auto sleep = [](Session& asleep) { asleep.Read("SELECT SLEEP(0.3)", [](std::int64_t) {}); };
  Session session(database_.url(), {.statement_ms = 100, .network_seconds = 1});
  EXPECT_THROW(sleep(session), Failure) << "the limit is real";
  const auto migrated = Migrate(session, 42, {.files = files});
  ASSERT_TRUE(migrated) << migrated.error().message;
  EXPECT_EQ(*migrated, 1);
  EXPECT_THROW(sleep(session), Failure) << "it is back";
}

TEST_F(SlowMigrationTest, EveryStepIsToldBeforeAndAfter) {
  const std::vector<EmbeddedSql> files = {{"0001_two.sql", "CREATE TABLE a (id ID);\nCREATE TABLE b (id ID);\n"},
                                          {"0002_one.sql", "DROP TABLE b;\n"}};
  std::vector<std::string> told;
  const auto tell = [&told](const MigrationStep& step) {
    told.push_back(std::string(step.migration) + " " + std::to_string(step.number) + "/" + std::to_string(step.of) +
                   (step.done ? " done" : ""));
  };
  ASSERT_TRUE(Migrate(database_.session(), 42, {.on_step = tell, .files = files}));
  EXPECT_THAT(told, ElementsAre("0001_two.sql 1/2", "0001_two.sql 1/2 done", "0001_two.sql 2/2",
                                "0001_two.sql 2/2 done", "0002_one.sql 1/1", "0002_one.sql 1/1 done"));
}

TEST_F(SlowMigrationTest, WhoeverUsesTheTableIsNamedAndARepeatGoesOn) {
  const std::vector<EmbeddedSql> files = {
      {"0001_wide.sql", "CREATE TABLE a (id ID);\nALTER TABLE a ADD COLUMN b BIGINT;\nCREATE TABLE c (id ID);\n"}};
  // The first statement, by a run that ended there.
  const MigrateOptions stops{.on_step =
                                 [](const MigrationStep& step) {
                                   if (step.number == 2) throw Failure(FailureKind::kLost, "power cut");
                                 },
                             .files = files};
  EXPECT_THROW(static_cast<void>(Migrate(database_.session(), 42, stops)), Failure);
  const auto other = database_.Open();
  std::int64_t id = 0;
  other->Read("SELECT CONNECTION_ID()", [&id](std::int64_t number) { id = number; });
  {
    const Transaction transaction(*other);
    other->Read("SELECT id FROM a", [](std::int64_t) {});
    const auto migrated = Migrate(database_.session(), 42, {.table_wait_seconds = 1, .files = files});
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().reason, Reason::kContention);
    EXPECT_THAT(migrated.error().message, HasSubstr("0001_wide.sql, step 2 of 3"));
    EXPECT_THAT(migrated.error().message, HasSubstr("connection " + std::to_string(id) + " of root"));
    EXPECT_THAT(migrated.error().message, HasSubstr("goes on where it stopped"));
  }
  int steps = 0;
  const MigrateOptions counts{.on_step = [&steps](const MigrationStep& step) { steps += step.done ? 1 : 0; },
                              .files = files};
  const auto again = Migrate(database_.session(), 42, counts);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(steps, 2);
  EXPECT_EQ(database_.Number("SELECT COUNT(b) FROM a"), 0);
}

}  // namespace
}  // namespace loyalty::storage
