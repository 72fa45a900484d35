// A database of a test's own, on either engine.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "domain/time.h"
#include "storage/session.h"
#include "storage/url.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/table_names.h"

namespace loyalty::test {

// What every test begins with: 2026-03-02T10:00:00Z, a Monday.
inline constexpr Instant kStart = 1'772'445'600 * kSecond;

// An empty database; with `kProgram` it has the schema, a program in EUR and Berlin time, and the block of ids. On
// MariaDB it lies in the server that the binary shares. Gone with the object. Throws what storage throws.
class TestDatabase {
 public:
  enum class Content { kNothing, kProgram };
  explicit TestDatabase(storage::Engine engine, Content content = Content::kProgram);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const storage::DatabaseUrl& url() const { return url_; }
  // The first session.
  storage::Session& session() { return *session_; }
  // Another one.
  std::unique_ptr<storage::Session> Open() const { return std::make_unique<storage::Session>(url_); }

  // The only number that a query answers; the test fails when there is none.
  std::int64_t Number(const std::string& sql);
  // Rows of every table, by name.
  std::map<std::string, std::int64_t> RowCounts();

 private:
  ScratchDirectory directory_;
  storage::DatabaseUrl url_;
  std::unique_ptr<storage::Session> session_;
};

// For INSTANTIATE_TEST_SUITE_P: the suite runs on both engines.
inline const auto kBothEngines = ::testing::Values(storage::Engine::kSqlite, storage::Engine::kMysql);
std::string EngineName(const ::testing::TestParamInfo<storage::Engine>& info);

}  // namespace loyalty::test
