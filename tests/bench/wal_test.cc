#include "tests/bench/wal.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/bench/raw_database.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {
namespace {

TEST(PagesInLog, AreThoseThatATransactionChanged) {
  const ScratchDirectory directory;
  const storage::DatabaseUrl url{.engine = storage::Engine::kSqlite, .path = directory.path() / "db"};
  EXPECT_TRUE(PagesInLog(url.path).empty());
  const auto database = RawDatabase::Open(url);
  for (const char* table : {"a", "b", "c"})
    database->Execute(std::string("CREATE TABLE ") + table + " (id INTEGER PRIMARY KEY, text TEXT)");
  const auto root = [&](const std::string& table) {
    const auto rows = database->Read("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'");
    return static_cast<std::uint32_t>(rows[0][0].number);
  };
  const auto log_begins_anew = [&] { database->Read("PRAGMA wal_checkpoint(TRUNCATE)"); };
  log_begins_anew();
  EXPECT_TRUE(PagesInLog(url.path).empty());
  database->Execute("BEGIN; INSERT INTO a VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1, 'z'); COMMIT");
  const auto pages = PagesInLog(url.path);
  EXPECT_EQ(pages.size(), 2U);  // each once, however many rows
  EXPECT_EQ(std::set(pages.begin(), pages.end()), (std::set{root("a"), root("c")}));
  database->Execute("INSERT INTO a VALUES (3, 'x')");
  EXPECT_EQ(PagesInLog(url.path).size(), 3U);
  // What a restarted log still holds of the one before is none of its own.
  database->Read("PRAGMA wal_checkpoint(RESTART)");
  database->Execute("INSERT INTO b VALUES (1, 'x')");
  EXPECT_EQ(PagesInLog(url.path), std::vector{root("b")});
}

}  // namespace
}  // namespace loyalty::test
