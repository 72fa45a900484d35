#include "storage/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/schema_shape.h"
#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using test::Shape;
using test::TestDatabase;
using ::testing::HasSubstr;

class MigrationsTest : public ::testing::TestWithParam<Engine> {
 protected:
  TestDatabase database_{GetParam(), TestDatabase::Content::kNothing};
  Session& session_ = database_.session();
};
INSTANTIATE_TEST_SUITE_P(Engines, MigrationsTest, test::kBothEngines, test::EngineName);

TEST_P(MigrationsTest, FromEmptyToKnownAndARepeatChangesNothing) {
  EXPECT_EQ(SchemaVersionOf(session_), 0);
  const Status empty = CheckSchema(session_);
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, HasSubstr("loyaltyd init"));

  const auto applied = Migrate(session_, 42);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(*applied, SchemaVersionKnown());
  EXPECT_EQ(SchemaVersionOf(session_), SchemaVersionKnown());
  EXPECT_TRUE(CheckSchema(session_));

  const auto shape = Shape(session_);
  const auto again = Migrate(session_, 43);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, 0);
  EXPECT_EQ(Shape(session_), shape);
  EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM schema_migrations WHERE apply_time <> 42"), 0);
}

std::int64_t StepsDone(TestDatabase& database) {
  const auto tables = test::TableNames(database.session());
  if (std::find(tables.begin(), tables.end(), "schema_migrations") == tables.end()) return 0;
  return database.Number("SELECT COALESCE(SUM(steps), 0) FROM schema_migrations");
}

// Goal: a migration that dies anywhere goes on where it stopped. Method: each run dies the `count`th time it is about
// to send a statement that begins with `begins`, one step later than the run before it, until one gets to the end.
// Where several statements are one step, one statement later.
void MigrateWithPowerCuts(TestDatabase& database, std::string_view begins, int count) {
  int runs = 0, further = 0;
  for (bool done = false; !done; ++runs) {
    ASSERT_LT(runs, 500);
    const std::int64_t steps_before = StepsDone(database);
    const auto session = database.Open();
    int matches = 0;
    session->set_hook([&](std::string_view statement) {
      if (statement.substr(0, begins.size()) == begins && ++matches == count + further)
        throw Failure(FailureKind::kLost, "power cut");
    });
    try {
      const auto applied = Migrate(*session, 42);
      ASSERT_TRUE(applied) << applied.error().message;
      done = true;
    } catch (const Failure& failure) {
      ASSERT_STREQ(failure.what(), "power cut");
      further = StepsDone(database) == steps_before ? further + 1 : 0;
    }
  }
  EXPECT_GT(runs, 30);
  EXPECT_TRUE(CheckSchema(database.session()));
  TestDatabase whole(database.url().engine);
  EXPECT_EQ(Shape(database.session()), Shape(whole.session()));
}

TEST_P(MigrationsTest, DiesBeforeEachStatementAndGoesOn) {
  // The first CREATE of a run is that of the table of migrations.
  MigrateWithPowerCuts(database_, "CREATE ", 3);
}

// On MariaDB, which commits DDL by itself, the statement took effect and nobody noted it.
TEST_P(MigrationsTest, DiesBetweenEachStatementAndItsNoteAndGoesOn) {
  MigrateWithPowerCuts(database_, "UPDATE schema_migrations", 2);
}

TEST_P(MigrationsTest, DiesBeforeTheFirstNoteAndGoesOn) {
  session_.set_hook([](std::string_view sql) {
    if (sql.substr(0, 24) == "UPDATE schema_migrations") throw Failure(FailureKind::kLost, "power cut");
  });
  EXPECT_THROW(static_cast<void>(Migrate(session_, 42)), Failure);
  session_.set_hook(nullptr);
  EXPECT_TRUE(Migrate(session_, 42));
  EXPECT_TRUE(CheckSchema(session_));
}

// A statement that an earlier run cannot have made must not be taken for done.
TEST_P(MigrationsTest, AForeignTableInTheWayIsAnError) {
  session_.Run("CREATE TABLE stores (id BIGINT NOT NULL PRIMARY KEY)");
  EXPECT_THROW(static_cast<void>(Migrate(session_, 42)), Failure);
  EXPECT_FALSE(CheckSchema(session_));
}

TEST_P(MigrationsTest, AnotherTextOfAnAppliedMigrationIsRefused) {
  ASSERT_TRUE(Migrate(session_, 42));
  session_.Run("UPDATE schema_migrations SET checksum = 'other' WHERE version = 1");
  const auto migrated = Migrate(session_, 43);
  ASSERT_FALSE(migrated);
  EXPECT_EQ(migrated.error().reason, Reason::kInternal);
  EXPECT_THAT(migrated.error().message, HasSubstr("another text"));
  EXPECT_FALSE(CheckSchema(session_));
}

// What programs laid down that were never released: their tables have the same names and other columns.
TEST_P(MigrationsTest, ADatabaseOfBeforeIsRefusedAndLeftAlone) {
  ASSERT_TRUE(Migrate(session_, 42));
  const std::string old =
      GetParam() == Engine::kSqlite ? "21be289e98a93fec76bcdef7ccd5c84b" : "33d2261c64403438ef530e7759635667";
  session_.Run("UPDATE schema_migrations SET checksum = '" + old + "' WHERE version = 1");
  session_.Run(
      "INSERT INTO schema_migrations (version, name, checksum, steps, total, apply_time) VALUES (5, "
      "'0005_rowid', 'other', 9, 9, 42)");
  const auto shape = Shape(session_);
  const auto migrated = Migrate(session_, 43);
  ASSERT_FALSE(migrated);
  EXPECT_THAT(migrated.error().message, HasSubstr("before December 2026"));
  const Status served = CheckSchema(session_);
  ASSERT_FALSE(served);
  EXPECT_EQ(served.error().message, migrated.error().message);
  EXPECT_EQ(Shape(session_), shape);
}

TEST_P(MigrationsTest, ANewerSchemaIsRefused) {
  ASSERT_TRUE(Migrate(session_, 42));
  session_.Run("UPDATE schema_migrations SET version = 9999 WHERE version = 1");
  const auto migrated = Migrate(session_, 43);
  ASSERT_FALSE(migrated);
  EXPECT_THAT(migrated.error().message, HasSubstr("newer"));
  EXPECT_FALSE(CheckSchema(session_));
}

TEST_P(MigrationsTest, AHalfAppliedSchemaIsNotServed) {
  session_.set_hook([](std::string_view sql) {
    if (sql.substr(0, 19) == "CREATE TABLE stores") throw Failure(FailureKind::kLost, "power cut");
  });
  EXPECT_THROW(static_cast<void>(Migrate(session_, 42)), Failure);
  session_.set_hook(nullptr);
  const Status ok = CheckSchema(session_);
  ASSERT_FALSE(ok);
  EXPECT_THAT(ok.error().message, HasSubstr("loyaltyd migrate"));
}

TEST_P(MigrationsTest, EveryTableHasAPrimaryKey) {
  ASSERT_TRUE(Migrate(session_, 42));
  for (const auto& table : test::TableNames(session_)) {
    const std::string query = GetParam() == Engine::kSqlite
                                  ? "SELECT COUNT(*) FROM pragma_table_info('" + table + "') WHERE pk > 0"
                                  : "SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = "
                                    "DATABASE() AND index_name = 'PRIMARY' AND table_name = '" +
                                        table + "'";
    EXPECT_GT(database_.Number(query), 0) << table;
  }
}

}  // namespace
}  // namespace loyalty::storage
