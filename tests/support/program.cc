#include "tests/support/program.h"

#include <atomic>
#include <stdexcept>
#include <utility>

#include "storage/administration.h"
#include "storage/migrations.h"
#include "storage/program.h"

namespace loyalty::test {

storage::DatabaseUrl NewMemoryDatabase() {
  static std::atomic<int> count{0};
  storage::DatabaseUrl url;
  url.engine = storage::Engine::kSqlite;
  url.path = "file:/memory" + std::to_string(++count) + "?vfs=memdb";
  return url;
}

void LayDownProgram(storage::Session& session, Instant now, const std::string& admin_key_hash) {
  if (const auto migrated = storage::Migrate(session, now); !migrated)
    throw std::runtime_error(migrated.error().message);
  storage::ProgramRow program;
  program.currency = "EUR";
  program.time_zone = "Europe/Berlin";
  program.language = "de";
  program.create_time = now;
  storage::Transaction transaction(session);
  storage::InsertProgram(session, program, admin_key_hash);
  transaction.Commit();
}

void InsertStoresAndTerminals(storage::Session& session, Instant now) {
  for (const auto& [id, name] : {std::pair(kNorth, "north"), std::pair(kSouth, "south")})
    storage::InsertStore(session, {id, name, name, "Europe/Berlin", 0, "de"}, now);
  for (const auto& [id, store] : {std::pair(1, kNorth), std::pair(2, kNorth), std::pair(3, kSouth)})
    storage::InsertTerminal(session, {id, store, "t" + std::to_string(id), "", 0}, now);
}

}  // namespace loyalty::test
