#include "storage/migrations.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include "storage/connections.h"
#include "storage/dialect.h"

namespace loyalty::storage {
namespace {

struct Migration {
  int version = 0;
  std::string name;
  std::string checksum;
  std::vector<std::string> steps;  // statements
};

std::string Checksum(std::string_view text) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  std::string hex(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  hex.pop_back();
  return hex;
}

// Statements end with a semicolon at the end of a line; lines that start with -- are comments.
std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> steps;
  std::string current;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (line.empty() || line.substr(0, 2) == "--") continue;
    const bool last = line.back() == ';';
    if (last) line.remove_suffix(1);
    current.append(current.empty() ? "" : "\n").append(line);
    if (last) steps.push_back(std::exchange(current, {}));
  }
  return steps;
}

// The checksum is of what the engine is told: a word of the dialect that came to mean something else is seen.
std::vector<Migration> MigrationsFor(Engine engine, const std::vector<EmbeddedSql>& files = EmbeddedMigrations()) {
  std::vector<Migration> migrations;
  for (const EmbeddedSql& file : files) {
    Migration migration{std::atoi(std::string(file.name.substr(0, 4)).c_str()), std::string(file.name), {}, {}};
    std::string all;
    for (const std::string& step : Split(file.text)) {
      migration.steps.push_back(InDialect(engine, step));
      all += migration.steps.back() + ";\n";
    }
    migration.checksum = Checksum(all);
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

struct Applied {
  std::string checksum;
  std::int64_t steps = 0;  // that took effect
  std::int64_t total = 0;
};

// What was applied, by version; each step is noted: `steps` of `total`.
std::map<int, Applied> ReadApplied(Session& session) {
  bool exists = false;
  const auto* query = session.engine() == Engine::kSqlite
                          ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
                          : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                            "table_name = 'schema_migrations'";
  session.Read(query, [&exists](std::int64_t tables) { exists = tables > 0; });
  std::map<int, Applied> applied;
  if (!exists) return applied;
  session.Read("SELECT version, checksum, steps, total FROM schema_migrations",
               [&applied](int version, const std::string& checksum, std::int64_t steps, std::int64_t total) {
                 applied[version] = {checksum, steps, total};
               });
  return applied;
}

// True when a statement failed because an earlier run, which died before it could note it, has made what it makes.
bool IsDoneAlready(const Failure& failure) {
  switch (failure.code()) {
    case 1050:  // table exists
    case 1051:  // table to drop does not
    case 1060:  // column exists
    case 1061:  // index exists
    case 1091:  // column or index to drop does not
      return true;
    default: return false;
  }
}

// Runs one step of a migration and notes it. On SQLite both or neither take effect. MariaDB commits DDL by itself:
// `resumed` says that an earlier run may have died between the two.
void ApplyStep(Session& session, const std::string& statement, const std::string& note, bool resumed) {
  try {
    Transaction transaction(session);
    session.Run(statement);
    session.Run(note);
    transaction.Commit();
    return;
  } catch (const Failure& failure) {
    if (session.engine() == Engine::kSqlite || !resumed || !IsDoneAlready(failure)) throw;
  }
  Transaction transaction(session);
  session.Run(note);
  transaction.Commit();
}

Error InTheWay(Session& session, const Migration& migration, std::size_t step, int seconds) {
  return Error{Reason::kContention,
               "migration " + migration.name + ", step " + std::to_string(step) + " of " +
                   std::to_string(migration.steps.size()) + ": others used what it changes for " +
                   std::to_string(seconds) + " s and longer: " + WhoUsesTheDatabase(session) +
                   ". Stop them, or end a connection with KILL and its number, then run 'loyaltyd migrate' again: it "
                   "goes on where it stopped",
               {}};
}

Error Newer(int version) {
  return Error{Reason::kInternal,
               "the database has schema version " + std::to_string(version) + ", this program knows " +
                   std::to_string(SchemaVersionKnown()) + ": run a newer loyaltyd",
               {}};
}

// Checksums of the first migration of programs that were never released, and whose data nobody has.
bool IsOfBefore(const std::map<int, Applied>& applied) {
  const auto first = applied.find(1);
  return first != applied.end() && (first->second.checksum == "21be289e98a93fec76bcdef7ccd5c84b" ||
                                    first->second.checksum == "33d2261c64403438ef530e7759635667");
}

Error OfBefore() {
  return Error{
      Reason::kInternal,
      "the database was made by a Stammgast of before December 2026, whose tables were laid out in another way: "
      "it cannot be taken over; make a new one with 'loyaltyd init' and import the receipts",
      {}};
}

Error Changed(const std::string& name) {
  return Error{Reason::kInternal,
               "migration " + name +
                   " was applied with another text: this is not a released loyaltyd, or the database was made by one "
                   "that was not",
               {}};
}

}  // namespace

int SchemaVersionKnown() {
  int version = 0;
  for (const Migration& migration : MigrationsFor(Engine::kSqlite)) version = std::max(version, migration.version);
  return version;
}

int SchemaVersionOf(Session& session) {
  int version = 0;
  for (const auto& [number, applied] : ReadApplied(session))
    if (applied.steps == applied.total) version = std::max(version, number);
  return version;
}

Result<int> Migrate(Session& session, Instant now, const MigrateOptions& options) {
  const auto applied = ReadApplied(session);
  if (IsOfBefore(applied)) return OfBefore();
  if (!applied.empty() && applied.rbegin()->first > SchemaVersionKnown()) return Newer(applied.rbegin()->first);
  session.Run(session.engine() == Engine::kSqlite
                  ? "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name "
                    "VARCHAR(64) NOT NULL, checksum VARCHAR(32) NOT NULL, steps BIGINT NOT NULL, total BIGINT NOT "
                    "NULL, apply_time BIGINT NOT NULL)"
                  : "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name "
                    "VARCHAR(64) NOT NULL, checksum VARCHAR(32) NOT NULL, steps BIGINT NOT NULL, total BIGINT NOT "
                    "NULL, apply_time BIGINT NOT NULL) ENGINE=InnoDB");
  const Patience patience(session, options.table_wait_seconds);
  int count = 0;
  for (const Migration& migration : MigrationsFor(session.engine(), options.files)) {
    const auto at = applied.find(migration.version);
    const std::string version = std::to_string(migration.version);
    std::int64_t done = 0;
    if (at != applied.end()) {
      if (at->second.checksum != migration.checksum) return Changed(migration.name);
      done = at->second.steps;
    } else {
      session.Run("INSERT INTO schema_migrations (version, name, checksum, steps, total, apply_time) VALUES (" +
                  version + ", '" + migration.name + "', '" + migration.checksum + "', 0, " +
                  std::to_string(migration.steps.size()) + ", " + std::to_string(now) + ")");
    }
    if (done == static_cast<std::int64_t>(migration.steps.size())) continue;
    for (std::size_t i = static_cast<std::size_t>(done); i < migration.steps.size(); ++i) {
      const std::string note =
          "UPDATE schema_migrations SET steps = " + std::to_string(i + 1) + " WHERE version = " + version;
      const bool resumed = at != applied.end() && i == static_cast<std::size_t>(done);
      MigrationStep step{migration.name, i + 1, migration.steps.size()};
      if (options.on_step) options.on_step(step);
      const auto start = std::chrono::steady_clock::now();
      try {
        ApplyStep(session, migration.steps[i], note, resumed);
      } catch (const Failure& failure) {
        if (!failure.is_lock_wait()) throw;
        return InTheWay(session, migration, i + 1, options.table_wait_seconds);
      }
      step.done = true;
      step.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
      if (options.on_step) options.on_step(step);
    }
    ++count;
  }
  return count;
}

Status CheckSchema(Session& session) {
  const auto applied = ReadApplied(session);
  if (IsOfBefore(applied)) return OfBefore();
  for (const Migration& migration : MigrationsFor(session.engine())) {
    const auto at = applied.find(migration.version);
    if (at == applied.end() || at->second.steps != at->second.total)
      return Error{Reason::kInternal,
                   applied.empty() ? "the database is empty: run 'loyaltyd init' first"
                                   : "the schema is older than this program: run 'loyaltyd migrate' first",
                   {}};
    if (at->second.checksum != migration.checksum) return Changed(migration.name);
  }
  if (!applied.empty() && applied.rbegin()->first > SchemaVersionKnown()) return Newer(applied.rbegin()->first);
  return Ok{};
}

}  // namespace loyalty::storage
