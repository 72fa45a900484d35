// What a schema consists of.
#pragma once

#include <set>
#include <string>

#include "storage/session.h"

namespace loyalty::test {

// One line for each column and each column of an index, the same on both engines.
inline std::set<std::string> Shape(storage::Session& session) {
  std::set<std::string> lines;
  const auto add = [&lines](const storage::ResultRow& row) {
    lines.insert(row.Text(0) + "." + row.Text(1) + (row.Number(2) != 0 ? " not null" : " null"));
  };
  const auto add_index = [&lines](const storage::ResultRow& row) {
    lines.insert((row.Number(3) != 0 ? "unique " : "index ") + row.Text(0) + " " + std::to_string(row.Number(1)) + " " +
                 row.Text(2));
  };
  if (session.engine() == storage::Engine::kSqlite) {
    session.Read(
        "SELECT m.name, c.name, c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
        "tti", add);
    session.Read(
        "SELECT i.name, c.seqno, c.name, i.\"unique\" FROM sqlite_master m, pragma_index_list(m.name) i, "
        "pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'c'",
        "titi", add_index);
  } else {
    session.Read(
        "SELECT table_name, column_name, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns "
        "WHERE table_schema = DATABASE()",
        "tti", add);
    session.Read(
        "SELECT index_name, seq_in_index - 1, column_name, 1 - non_unique FROM information_schema.statistics "
        "WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'",
        "titi", add_index);
  }
  return lines;
}

}  // namespace loyalty::test
