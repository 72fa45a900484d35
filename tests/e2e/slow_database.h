// An installation whose database takes as long as a test says: SQLite on a disk that is slow to make anything durable,
// MariaDB behind a slow network.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tests/e2e/installation.h"
#include "tests/e2e/server.h"
#include "tests/support/proxy.h"

namespace loyalty::test {

class SlowDatabase {
 public:
  explicit SlowDatabase(storage::Engine engine);

  const Installation& installation() const { return installation_; }
  // Of a server that is to feel it.
  ServerOptions Slowed(ServerOptions options) const;
  // How much slower a batch is than it could be, about; from now on.
  void SlowDown(std::chrono::milliseconds batch) const;

 private:
  std::string slow_file() const;

  const std::unique_ptr<MariaDb> mariadb_;
  const Installation installation_;
  const std::unique_ptr<Proxy> proxy_;
};

}  // namespace loyalty::test
