#include "storage/dialect.h"

#include <gtest/gtest.h>

namespace loyalty::storage {
namespace {

struct Case {
  const char* text;
  const char* sqlite;
  const char* mysql;
};

class DialectTest : public ::testing::TestWithParam<Case> {};

TEST_P(DialectTest, EachEngineIsToldInItsOwnWords) {
  EXPECT_EQ(InDialect(Engine::kSqlite, GetParam().text), GetParam().sqlite);
  EXPECT_EQ(InDialect(Engine::kMysql, GetParam().text), GetParam().mysql);
}

INSTANTIATE_TEST_SUITE_P(
    Words, DialectTest,
    ::testing::Values(
        Case{"CREATE TABLE a (\n  id ID,\n  kind SMALL NULL\n)",
             "CREATE TABLE a (\n  id INTEGER NOT NULL PRIMARY KEY,\n  kind BIGINT NULL\n)",
             "CREATE TABLE a (\n  id BIGINT NOT NULL PRIMARY KEY,\n  kind SMALLINT NULL\n) ENGINE=InnoDB"},
        Case{"CREATE TABLE a (code KEY_TEXT(20) NOT NULL, PRIMARY KEY (code))",
             "CREATE TABLE a (code VARCHAR(20) NOT NULL, PRIMARY KEY (code)) WITHOUT ROWID",
             "CREATE TABLE a (code VARBINARY(20) NOT NULL, PRIMARY KEY (code)) ENGINE=InnoDB"},
        Case{"ALTER TABLE a ADD name ASCII(40) NULL", "ALTER TABLE a ADD name VARCHAR(40) NULL",
             "ALTER TABLE a ADD name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL"},
        Case{"ALTER TABLE a ADD note UTF8(40) NULL", "ALTER TABLE a ADD note VARCHAR(40) NULL",
             "ALTER TABLE a ADD note VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL"},
        Case{"ALTER TABLE a ADD note UTF8_LONG NULL", "ALTER TABLE a ADD note VARCHAR(1000000) NULL",
             "ALTER TABLE a ADD note MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL"},
        Case{"ALTER TABLE a ADD mac BYTES(32) NULL", "ALTER TABLE a ADD mac BLOB NULL",
             "ALTER TABLE a ADD mac VARBINARY(32) NULL"},
        Case{"ALTER TABLE a ADD result BYTES_LONG NULL", "ALTER TABLE a ADD result BLOB NULL",
             "ALTER TABLE a ADD result MEDIUMBLOB NULL"},
        Case{"CREATE UNIQUE INDEX a_by_b ON a (b) WHERE_GIVEN(b)",
             "CREATE UNIQUE INDEX a_by_b ON a (b) WHERE b IS NOT NULL", "CREATE UNIQUE INDEX a_by_b ON a (b) "},
        // A word within a word is none; what is no word stays as it is.
        Case{"UPDATE a SET MY_ID = 'x', IDS = 1, id = 2", "UPDATE a SET MY_ID = 'x', IDS = 1, id = 2",
             "UPDATE a SET MY_ID = 'x', IDS = 1, id = 2"}));

}  // namespace
}  // namespace loyalty::storage
