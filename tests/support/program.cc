#include "tests/support/program.h"

#include <atomic>
#include <stdexcept>
#include <utility>

#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/read_table.h"
#include "storage/tables/runs.h"

namespace loyalty::test {

storage::DatabaseUrl NewMemoryDatabase() {
  static std::atomic<int> count{0};
  storage::DatabaseUrl url;
  url.engine = storage::Engine::kSqlite;
  url.path = "file:/memory" + std::to_string(++count) + "?vfs=memdb";
  return url;
}

Secrets TestSecrets() {
  Secret only;
  for (std::size_t i = 0; i < only.key.size(); ++i) only.key[i] = static_cast<unsigned char>(i + 1);
  return {{only}, only.id};
}

const ProgramKeys& TestKeys() {
  static const ProgramKeys kKeys = DeriveKeys(TestSecrets());
  return kKeys;
}

void LayDownProgram(storage::Session& session, Instant now, const std::string& admin_key_hash,
                    const ProgramKeys& keys) {
  if (const auto migrated = storage::Migrate(session, now); !migrated)
    throw std::runtime_error(migrated.error().message);
  storage::ProgramRow program;
  program.currency = "EUR";
  program.time_zone = "Europe/Berlin";
  program.language = "de";
  program.create_time = now;
  storage::Transaction transaction(session);
  storage::InsertProgram(session, program, admin_key_hash, keys);
  transaction.Commit();
}

void InsertStoresAndTerminals(storage::Session& session, Instant now, const ProgramKeys& keys) {
  for (const auto& [id, name] : {std::pair(kNorth, "north"), std::pair(kSouth, "south")}) {
    storage::StoreRow store;
    store.id = id;
    store.name = store.display_name = name;
    store.time_zone = "Europe/Berlin";
    store.language = "de";
    store.create_time = now;
    storage::InsertRow(session, store, keys);
  }
  for (const auto& [id, store_id] : {std::pair(1, kNorth), std::pair(2, kNorth), std::pair(3, kSouth)}) {
    storage::TerminalRow terminal;
    terminal.id = id;
    terminal.store_id = store_id;
    terminal.name = "t" + std::to_string(id);
    terminal.create_time = now;
    storage::InsertRow(session, terminal, keys);
  }
}

void InsertCatalogue(storage::Session& session, Instant now, const std::string& content, const ProgramKeys& keys) {
  storage::InsertRow(session, storage::CatalogueRow{1, now, content, now, storage::kFirstPrincipal, {}}, keys);
}

void InsertMeasure(storage::Session& session, Instant now) {
  storage::InsertRow(session,
                     storage::RetentionRunRow{1, storage::RunKind::kMeasure, 0, R"({"cutPoints": [
      {"score": 2, "recencyDaysAtMost": 20, "purchaseDaysAtLeast": 2, "spendMinorAtLeast": 1000},
      {"score": 3, "recencyDaysAtMost": 10, "purchaseDaysAtLeast": 3, "spendMinorAtLeast": 3000},
      {"score": 4, "recencyDaysAtMost": 5, "purchaseDaysAtLeast": 4, "spendMinorAtLeast": 9000},
      {"score": 5, "recencyDaysAtMost": 2, "purchaseDaysAtLeast": 6, "spendMinorAtLeast": 20000}],
      "model": {"kind": "MODEL_KIND_MBG_CNBD_K", "k": 2, "r": 0.8, "alpha": 10, "a": 0.5, "b": 3},
      "rules": {"lapseFloorDays": 3}, "ranking": "RANKING_SCORE_PROBABILITY", "showProbabilities": true})",
                                              now, 0},
                     TestKeys());
}

}  // namespace loyalty::test
