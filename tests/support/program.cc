#include "tests/support/program.h"

#include <atomic>
#include <stdexcept>
#include <utility>

#include "storage/administration.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/retention_runs.h"

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

void InsertMeasure(storage::Session& session, Instant now) {
  storage::InsertRetentionRun(session,
                              {1, storage::RunKind::kMeasure, 0, R"({"cutPoints": [
      {"score": 2, "recencyDaysAtMost": 20, "purchaseDaysAtLeast": 2, "spendMinorAtLeast": 1000},
      {"score": 3, "recencyDaysAtMost": 10, "purchaseDaysAtLeast": 3, "spendMinorAtLeast": 3000},
      {"score": 4, "recencyDaysAtMost": 5, "purchaseDaysAtLeast": 4, "spendMinorAtLeast": 9000},
      {"score": 5, "recencyDaysAtMost": 2, "purchaseDaysAtLeast": 6, "spendMinorAtLeast": 20000}],
      "model": {"kind": "MODEL_KIND_MBG_CNBD_K", "k": 2, "r": 0.8, "alpha": 10, "a": 0.5, "b": 3},
      "rules": {"lapseFloorDays": 3}, "ranking": "RANKING_SCORE_PROBABILITY", "showProbabilities": true})",
                               now},
                              0);
}

}  // namespace loyalty::test
