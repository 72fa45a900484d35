// Where simulated lives keep their data: SQLite in memory, or a MariaDB of their own.
#pragma once

#include <memory>

#include "storage/url.h"
#include "tests/support/mariadb.h"

namespace loyalty::sim {

// Of one process: its MariaDB ends with it.
class Databases {
 public:
  explicit Databases(storage::Engine engine);

  storage::Engine engine() const { return mariadb_ ? storage::Engine::kMysql : storage::Engine::kSqlite; }
  // An empty one, for one life.
  storage::DatabaseUrl New();
  void Drop(const storage::DatabaseUrl& url);

 private:
  std::unique_ptr<test::MariaDb> mariadb_;  // nothing: SQLite
  int count_ = 0;
};

}  // namespace loyalty::sim
