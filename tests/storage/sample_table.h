// A table with a column of every sort, for tests of what statements do to rows.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/database.h"

namespace loyalty::test {

// A row as it is read back.
struct SampleRow {
  std::int64_t id = 0;
  std::optional<std::int64_t> number;
  std::optional<std::string> text;   // any valid UTF-8
  std::optional<std::string> bytes;  // anything
  std::int64_t version = 0;

  friend bool operator==(const SampleRow&, const SampleRow&) = default;
};

// Suites derive from it and are instantiated with kBothEngines.
class SampleTable : public ::testing::TestWithParam<storage::Engine> {
 protected:
  SampleTable() {
    const bool sqlite = GetParam() == storage::Engine::kSqlite;
    session_.Run(std::string("CREATE TABLE sample (id BIGINT NOT NULL, number BIGINT NULL, text ") +
                 (sqlite ? "VARCHAR(1000000) NULL, bytes BLOB" : "MEDIUMTEXT NULL, bytes MEDIUMBLOB") +
                 " NULL, version BIGINT NOT NULL, PRIMARY KEY (id))" +
                 (sqlite ? "" : " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"));
  }

  std::vector<SampleRow> ReadAll(storage::Session& session) {
    std::vector<SampleRow> rows;
    session.Read("SELECT id, number, text, bytes, version FROM sample ORDER BY id", "ittti",
                 [&rows](const storage::ResultRow& row) {
                   SampleRow out{row.Number(0), {}, {}, {}, row.Number(4)};
                   if (!row.IsNull(1)) out.number = std::stoll(row.Text(1));
                   if (!row.IsNull(2)) out.text = row.Text(2);
                   if (!row.IsNull(3)) out.bytes = row.Text(3);
                   rows.push_back(std::move(out));
                 });
    return rows;
  }
  std::vector<SampleRow> ReadAll() { return ReadAll(session_); }

  TestDatabase database_{GetParam(), TestDatabase::Content::kNothing};
  storage::Session& session_ = database_.session();
};

}  // namespace loyalty::test
