// The tables of a database, whoever has made it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "storage/session.h"

namespace loyalty::test {

// In the order of their names.
inline std::vector<std::string> TableNames(storage::Session& session) {
  std::vector<std::string> names;
  session.Read(session.engine() == storage::Engine::kSqlite
                   ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                   : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
               [&names](const std::string& name) { names.push_back(name); });
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace loyalty::test
