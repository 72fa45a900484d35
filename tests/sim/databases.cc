#include "tests/sim/databases.h"

#include "tests/support/program.h"

namespace loyalty::sim {

Databases::Databases(storage::Engine engine)
    : mariadb_(engine == storage::Engine::kMysql ? std::make_unique<test::MariaDb>() : nullptr) {}

storage::DatabaseUrl Databases::New() {
  if (!mariadb_) return test::NewMemoryDatabase();
  const std::string name = "life_" + std::to_string(++count_);
  mariadb_->Execute("CREATE DATABASE " + name);
  return mariadb_->UrlOf(name);
}

void Databases::Drop(const storage::DatabaseUrl& url) {
  if (mariadb_) mariadb_->Execute("DROP DATABASE " + url.database);
}

}  // namespace loyalty::sim
