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

// Types of its columns.
using Type = storage::Type;
inline const std::vector<Type> kIdNumberVersion = {Type::kNumber, Type::kNumber, Type::kNumber};

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
    session.Read(
        "SELECT id, number, text, bytes, version FROM sample ORDER BY id",
        [&rows](std::int64_t id, const std::optional<std::int64_t>& number, const std::optional<std::string>& text,
                const std::optional<Bytes>& bytes, std::int64_t version) {
          rows.push_back({id, number, text, bytes ? std::optional(bytes->value) : std::nullopt, version});
        });
    return rows;
  }
  std::vector<SampleRow> ReadAll() { return ReadAll(session_); }

  TestDatabase database_{GetParam(), TestDatabase::Content::kNothing};
  storage::Session& session_ = database_.session();
};

}  // namespace loyalty::test
