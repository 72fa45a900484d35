#include "tests/bench/raw_engines.h"

namespace loyalty::test {

std::unique_ptr<RawDatabase> RawDatabase::Open(const storage::DatabaseUrl& url) {
  return url.engine == storage::Engine::kSqlite ? OpenRawSqlite(url) : OpenRawMysql(url);
}

}  // namespace loyalty::test
