// The schema, brought from any older version to the one this program knows.
#pragma once

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

// Applies what is missing, one statement at a time; each statement that took effect is noted before the next, so that
// an interrupted run goes on where it stopped. Returns the number of migrations applied. A repeat changes nothing.
// Errors: kInternal when the database is newer than this program or an applied migration has another checksum.
// Throws Failure.
Result<int> Migrate(Session& session, Instant now);

// Refuses a schema this program does not know: newer, older or changed. Errors: kInternal, saying what to do.
Status CheckSchema(Session& session);

}  // namespace loyalty::storage
