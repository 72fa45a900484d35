#include "tests/support/database.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "tests/support/mariadb.h"
#include "tests/support/program.h"

namespace loyalty::test {

using storage::Engine;

TestDatabase::TestDatabase(Engine engine, Content content) {
  static std::atomic<int> count{0};
  if (engine == Engine::kSqlite) {
    url_.engine = engine;
    url_.path = directory_.path() / "test.db";
  } else {
    const std::string name = "test_" + std::to_string(++count);
    MariaDb::Shared().Execute("CREATE DATABASE " + name);
    url_ = MariaDb::Shared().UrlOf(name);
  }
  session_ = Open();
  if (content == Content::kNothing) return;
  LayDownProgram(*session_, kStart);
}

TestDatabase::~TestDatabase() {
  if (url_.engine == Engine::kSqlite) return;
  try {
    MariaDb::Shared().Execute("DROP DATABASE " + url_.database);
  } catch (const std::runtime_error&) {
    // A test killed the server; its directory goes with it.
  }
}

std::int64_t TestDatabase::Number(const std::string& sql) {
  std::int64_t number = 0;
  int rows = 0;
  session_->Read(sql, [&](std::int64_t value) {
    number = value;
    ++rows;
  });
  EXPECT_EQ(rows, 1) << sql;
  return number;
}

std::map<std::string, std::int64_t> TestDatabase::RowCounts() {
  std::map<std::string, std::int64_t> counts;
  for (const auto& table : TableNames(*session_)) counts[table] = Number("SELECT COUNT(*) FROM " + table);
  return counts;
}

std::string EngineName(const ::testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::kSqlite ? "Sqlite" : "MariaDb";
}

}  // namespace loyalty::test
