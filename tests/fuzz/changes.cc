#include "tests/fuzz/changes.h"

#include <sqlite3.h>

#include <string_view>

namespace loyalty::fuzz {
namespace {

// A connection's own view: what its open transaction has changed.
struct Connection {
  std::int64_t total = 0;  // changes that SQLite has counted
  RowsChanged pending;
};

std::map<sqlite3*, Connection> connections;
RowsChanged committed;

std::string_view NextWord(std::string_view& text) {
  const auto begin = text.find_first_not_of(" \n\t(");
  if (begin == std::string_view::npos) return {};
  const auto end = text.find_first_of(" \n\t(;", begin);
  const std::string_view word = text.substr(begin, end == std::string_view::npos ? end : end - begin);
  text.remove_prefix(begin + word.size());
  return word;
}

// The table of an INSERT INTO, UPDATE or DELETE FROM.
std::string_view TableOf(std::string_view sql) {
  const std::string_view verb = NextWord(sql);
  std::string_view table = NextWord(sql);
  if (verb == "INSERT" && table == "OR") {
    NextWord(sql);
    table = NextWord(sql);
  }
  return table == "INTO" || table == "FROM" ? NextWord(sql) : table;
}

void Commit(Connection& connection) {
  for (const auto& [table, rows] : connection.pending) committed[table] += rows;
  connection.pending.clear();
}

// A statement has run to its end.
void OnStatement(sqlite3* database, sqlite3_stmt* statement) {
  const char* text = sqlite3_sql(statement);
  const std::string_view sql = text == nullptr ? "" : text;
  Connection& connection = connections[database];
  const std::int64_t total = sqlite3_total_changes64(database);
  if (total != connection.total) {
    auto& table = connection.pending[std::string(TableOf(sql))];
    table += total - connection.total;
    connection.total = total;
  }
  if (sql.substr(0, 8) == "ROLLBACK") {
    connection.pending.clear();
  } else if (sqlite3_get_autocommit(database) != 0) {
    Commit(connection);
  }
}

int OnTrace(unsigned kind, void* context, void* statement, void*) {
  auto* database = static_cast<sqlite3*>(context);
  if (kind == SQLITE_TRACE_CLOSE) {
    connections.erase(database);
  } else {
    OnStatement(database, static_cast<sqlite3_stmt*>(statement));
  }
  return 0;
}

int OnOpen(sqlite3* database, const char**, const void*) {
  sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE | SQLITE_TRACE_CLOSE, OnTrace, database);
  return SQLITE_OK;
}

}  // namespace

void WatchChanges() {
  // The type that SQLite's header declares is that of no extension.
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(OnOpen));
}

RowsChanged TakeChanges() {
  RowsChanged taken;
  taken.swap(committed);
  return taken;
}

}  // namespace loyalty::fuzz
