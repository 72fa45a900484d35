// What the tables are like once all migrations have run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "storage/migrations.h"
#include "tests/storage/schema_shape.h"
#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using test::Shape;
using test::TestDatabase;

TEST(SchemaTest, BothEnginesHaveTheSameTablesColumnsAndIndexes) {
  TestDatabase sqlite(Engine::kSqlite);
  TestDatabase mariadb(Engine::kMysql);
  EXPECT_EQ(test::TableNames(sqlite.session()), test::TableNames(mariadb.session()));
  const auto ours = Shape(sqlite.session());
  const auto theirs = Shape(mariadb.session());
  std::vector<std::string> differences;
  std::set_symmetric_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                                std::back_inserter(differences));
  EXPECT_THAT(differences, ::testing::IsEmpty());
  EXPECT_GT(ours.size(), 200U);
}

// SOCI reads a column declared INTEGER as 32 bits where it chooses the type itself (soci::row). Ours are told, but only
// a key gains anything by it.
TEST(SchemaTest, SqliteDeclaresNoIntegerButKeys) {
  TestDatabase database(Engine::kSqlite);
  EXPECT_EQ(
      database.Number("SELECT COUNT(*) FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' "
                      "AND c.type <> 'BIGINT' AND c.type NOT LIKE 'VARCHAR(%)' AND c.type <> 'BLOB' AND NOT "
                      "(c.type = 'INTEGER' AND c.pk = 1 AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) o "
                      "WHERE o.pk = 2))"),
      0);
}

// A row that is found by one number is found in one tree.
TEST(SchemaTest, SqliteFindsMembersAndReceiptsByTheirPlace) {
  TestDatabase database(Engine::kSqlite);
  for (const char* table : {"members", "member_profile", "member_keys", "receipts", "redemptions", "commands"})
    EXPECT_EQ(
        database.Number(std::string("SELECT COUNT(*) FROM pragma_index_list('") + table + "') WHERE origin = 'pk'"), 0)
        << table;
}

// Free text in a key is VARBINARY: the collations of utf8mb4 fold case or ignore blanks at the end, SQLite does
// neither. So does ascii_bin with blanks, but what stands in such keys cannot hold any.
TEST(SchemaTest, MariaDbFoldsNoTextKey) {
  TestDatabase database(Engine::kMysql);
  std::vector<std::string> folding;
  database.session().Read(
      "SELECT c.table_name, c.column_name, c.collation_name FROM information_schema.columns c "
      "JOIN information_schema.statistics s ON s.table_schema = c.table_schema AND s.table_name = c.table_name AND "
      "s.column_name = c.column_name WHERE c.table_schema = DATABASE() AND c.collation_name IS NOT NULL "
      "AND c.collation_name <> 'ascii_bin'",
      [&folding](const std::string& table, const std::string& column, const std::string& collation) {
        folding.push_back(table + "." + column + " " + collation);
      });
  EXPECT_THAT(folding, ::testing::IsEmpty());
}

}  // namespace
}  // namespace loyalty::storage
