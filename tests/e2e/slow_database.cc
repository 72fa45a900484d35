#include "tests/e2e/slow_database.h"

#include <fstream>

namespace loyalty::test {
namespace {

constexpr int kAnswers = 12;  // of the database that a batch waits for, about

}  // namespace

SlowDatabase::SlowDatabase(storage::Engine engine)
    : mariadb_(engine == storage::Engine::kMysql
                   ? std::make_unique<MariaDb>(MariaDbOptions{.networking = true, .settings = {}})
                   : nullptr),
      installation_(engine, {.mariadb = mariadb_.get()}),
      proxy_(mariadb_ ? std::make_unique<Proxy>("127.0.0.1:" + std::to_string(mariadb_->port())) : nullptr) {}

std::string SlowDatabase::slow_file() const { return installation_.directory() / "slow"; }

ServerOptions SlowDatabase::Slowed(ServerOptions options) const {
  if (proxy_) {
    options.db = UrlText(installation_.UrlThrough(proxy_->address()));
  } else {
    options.environment["LD_PRELOAD"] = LOYALTY_SLOW_SYNC;
    options.environment["SLOW_SYNC_FILE"] = slow_file();
  }
  // What a sanitizer keeps back is not the server's.
  options.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:quarantine_size_mb=1";
  return options;
}

void SlowDatabase::SlowDown(std::chrono::milliseconds batch) const {
  if (proxy_) {
    proxy_->SetDelay(batch / kAnswers);
  } else {
    std::ofstream(slow_file()) << std::chrono::microseconds(batch).count() << std::endl;
  }
}

}  // namespace loyalty::test
