// What a schema consists of.
#pragma once

#include <set>
#include <string>

#include "storage/session.h"

namespace loyalty::test {

// One line for each column and each column of an index, the same on both engines.
inline std::set<std::string> Shape(storage::Session& session) {
  std::set<std::string> lines;
  const auto add = [&lines](const std::string& table, const std::string& column, bool not_null) {
    lines.insert(table + "." + column + (not_null ? " not null" : " null"));
  };
  const auto add_index = [&lines](const std::string& index, std::int64_t at, const std::string& column, bool unique) {
    lines.insert((unique ? "unique " : "index ") + index + " " + std::to_string(at) + " " + column);
  };
  if (session.engine() == storage::Engine::kSqlite) {
    session.Read(
        "SELECT m.name, c.name, c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
        add);
    session.Read(
        "SELECT i.name, c.seqno, c.name, i.\"unique\" FROM sqlite_master m, pragma_index_list(m.name) i, "
        "pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'c'",
        add_index);
  } else {
    session.Read(
        "SELECT table_name, column_name, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns "
        "WHERE table_schema = DATABASE()",
        add);
    session.Read(
        "SELECT index_name, seq_in_index - 1, column_name, 1 - non_unique FROM information_schema.statistics "
        "WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'",
        add_index);
  }
  return lines;
}

}  // namespace loyalty::test
