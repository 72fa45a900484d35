// The schema, brought from any older version to the one this program knows.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::storage {

// A file of storage/migrations/, such as 0001_core.sql: for both engines (storage/dialect.h).
struct EmbeddedSql {
  std::string_view name;
  std::string_view text;
};
const std::vector<EmbeddedSql>& EmbeddedMigrations();

// Version of the schema in the database (0: empty) and of this program.
int SchemaVersionOf(Session& session);
int SchemaVersionKnown();

// A statement of a migration that is about to run, or has run.
struct MigrationStep {
  std::string_view migration;
  std::size_t number = 0, of = 0;  // from 1
  bool done = false;
  std::chrono::milliseconds elapsed{0};
};

// How long a statement waits for those who use its table. Meanwhile everybody who comes later waits behind it, tills
// too.
inline constexpr int kTableWaitSeconds = 30;

struct MigrateOptions {
  std::function<void(const MigrationStep&)> on_step;  // may be empty
  int table_wait_seconds = kTableWaitSeconds;
  const std::vector<EmbeddedSql>& files = EmbeddedMigrations();
};

// Applies what is missing, one statement at a time; each statement that took effect is noted before the next, so that
// an interrupted run goes on where it stopped. A statement may take hours. Returns the number of migrations applied. A
// repeat changes nothing.
// Errors: kInternal when the database is newer than this program or an applied migration has another checksum;
// kContention when others use a table too long, naming them. Throws Failure.
Result<int> Migrate(Session& session, Instant now, const MigrateOptions& options = {});

// Refuses a schema this program does not know: newer, older or changed. Errors: kInternal, saying what to do.
Status CheckSchema(Session& session);

}  // namespace loyalty::storage
