#include "storage/rows.h"

#include <array>
#include <cassert>
#include <charconv>

namespace loyalty::storage {
namespace {

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) out.append(out.empty() ? "" : separator).append(part);
  return out;
}

// c1, c2, ... for the columns of the rows' own table.
std::string Column(std::size_t index) { return "c" + std::to_string(index + 1); }

// The rows as a table with columns c1, c2, ... . SQLite names the columns of VALUES column1, column2, ...; on MariaDB a
// first row of NULLs, which no join matches, carries the names.
RowText TableText(Engine engine, std::size_t width, std::string before, std::string after) {
  std::string names;
  for (std::size_t i = 0; i < width; ++i) {
    names += i == 0 ? "" : ", ";
    names += (engine == Engine::kSqlite ? "column" + std::to_string(i + 1) : std::string("NULL")) + " AS " + Column(i);
  }
  if (engine == Engine::kSqlite) return {before + "(SELECT " + names + " FROM (VALUES ", "(", ",", ")", "))" + after};
  return {before + "(SELECT " + names, " UNION ALL SELECT ", "", "", ")" + after};
}

RowText InsertText(Engine engine, const std::string& verb, const std::string& table,
                   const std::vector<std::string>& columns, const std::string& after) {
  const std::string head = verb + " INTO " + table + " (" + Join(columns, ", ") + ")";
  if (engine == Engine::kMysql) return {head + " VALUES ", "(", ",", ")", after};
  // Unused places of a cached statement are rows of NULL.
  return {head + " SELECT * FROM (VALUES ", "(", ",", ")", ") WHERE column1 IS NOT NULL" + after};
}

}  // namespace

SetStatement SetStatement::Insert(std::string table, std::vector<std::string> columns, std::string types) {
  assert(columns.size() == types.size());
  SetStatement statement;
  statement.name_ = "insert " + table;
  statement.types_ = std::move(types);
  statement.sqlite_ = InsertText(Engine::kSqlite, "INSERT", table, columns, "");
  statement.mysql_ = InsertText(Engine::kMysql, "INSERT", table, columns, "");
  return statement;
}

SetStatement SetStatement::InsertOrIgnore(std::string table, std::vector<std::string> columns, std::string types) {
  SetStatement statement = Insert(table, columns, std::move(types));
  statement.sqlite_ = InsertText(Engine::kSqlite, "INSERT OR IGNORE", table, columns, "");
  statement.mysql_ = InsertText(Engine::kMysql, "INSERT IGNORE", table, columns, "");
  return statement;
}

SetStatement SetStatement::Upsert(std::string table, std::vector<std::string> columns, std::size_t keys,
                                  std::string types) {
  SetStatement statement = Insert(table, columns, std::move(types));
  statement.name_ = "upsert " + table;
  std::string key, sqlite, mysql;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i < keys) {
      key += (i == 0 ? "" : ", ") + columns[i];
      continue;
    }
    sqlite += (sqlite.empty() ? "" : ", ") + columns[i] + " = excluded." + columns[i];
    mysql += (mysql.empty() ? "" : ", ") + columns[i] + " = VALUES(" + columns[i] + ")";
  }
  statement.sqlite_ =
      InsertText(Engine::kSqlite, "INSERT", table, columns, " ON CONFLICT (" + key + ") DO UPDATE SET " + sqlite);
  statement.mysql_ = InsertText(Engine::kMysql, "INSERT", table, columns, " ON DUPLICATE KEY UPDATE " + mysql);
  return statement;
}

SetStatement SetStatement::Update(std::string table, std::vector<std::string> keys, std::vector<std::string> values,
                                  bool guard, std::string types) {
  const std::size_t width = keys.size() + values.size() + (guard ? 1 : 0);
  assert(width == types.size());
  SetStatement statement;
  statement.name_ = "update " + table;
  statement.types_ = std::move(types);
  std::string on, set_sqlite, set_mysql;
  for (std::size_t i = 0; i < keys.size(); ++i) on += (i == 0 ? "t." : " AND t.") + keys[i] + " = v." + Column(i);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string from = " = v." + Column(keys.size() + i);
    set_sqlite += (i == 0 ? "" : ", ") + values[i] + from;
    set_mysql += (i == 0 ? "t." : ", t.") + values[i] + from;
  }
  if (guard) {
    on += " AND t.version = v." + Column(width - 1);
    set_sqlite += ", version = t.version + 1";
    set_mysql += ", t.version = t.version + 1";
  }
  statement.sqlite_ =
      TableText(Engine::kSqlite, width, "UPDATE " + table + " AS t SET " + set_sqlite + " FROM ", " AS v WHERE " + on);
  statement.mysql_ = TableText(Engine::kMysql, width, "UPDATE ",
                               " AS v STRAIGHT_JOIN " + table + " AS t ON " + on + " SET " + set_mysql);
  return statement;
}

SetStatement SetStatement::SelectIn(std::string select, std::string type, std::string suffix, std::string result,
                                    bool lock) {
  SetStatement statement;
  statement.name_ = select.substr(select.rfind("FROM "));
  statement.types_ = std::move(type);
  statement.result_ = std::move(result);
  statement.sqlite_ = {select + " IN (", "", ",", "", ")" + suffix};
  statement.mysql_ = {select + " IN (", "", ",", "", ")" + suffix + (lock ? " FOR UPDATE" : "")};
  return statement;
}

SetStatement SetStatement::SelectJoin(std::string select, std::string join, std::string types, std::string result) {
  SetStatement statement;
  statement.name_ = "join " + join.substr(0, join.find(' '));
  statement.types_ = std::move(types);
  statement.result_ = std::move(result);
  const std::size_t width = statement.types_.size();
  statement.sqlite_ = TableText(Engine::kSqlite, width, select + " FROM ", " AS v CROSS JOIN " + join);
  statement.mysql_ = TableText(Engine::kMysql, width, select + " FROM ", " AS v STRAIGHT_JOIN " + join);
  return statement;
}

SetStatement SetStatement::SelectKeys(std::string select, std::string table, std::vector<std::string> keys,
                                      std::string types, std::string result) {
  assert(keys.size() == types.size());
  std::string on;
  for (std::size_t i = 0; i < keys.size(); ++i) on += (i == 0 ? "" : " AND ") + keys[i] + " = v." + Column(i);
  SetStatement statement = SelectJoin(select, table + " ON " + on, std::move(types), std::move(result));
  // Ranges of the key: half of what a join with the rows' own table takes.
  statement.mysql_ = {select + " FROM " + table + " WHERE (" + Join(keys, ", ") + ") IN (", "(", ",", ")", ")"};
  return statement;
}

SetStatement SetStatement::SelectEach(std::string unit, std::string types, std::string result) {
  SetStatement statement;
  statement.name_ = "each " + unit.substr(unit.find("FROM "), 24);
  statement.types_ = std::move(types);
  statement.result_ = std::move(result);
  statement.unit_ = std::move(unit);
  statement.sqlite_ = {"", "SELECT * FROM (", " UNION ALL ", ")", ""};
  statement.mysql_ = {"", "(", " UNION ALL ", ")", ""};
  return statement;
}

std::string PlaceholderText(const SetStatement& statement, std::size_t count) {
  const RowText& text = statement.text(Engine::kSqlite);
  std::string row = statement.unit();
  if (row.empty())
    for (std::size_t i = 0; i < statement.types().size(); ++i) row += i == 0 ? "?" : ",?";
  std::string sql = text.prefix;
  for (std::size_t i = 0; i < count; ++i)
    sql.append(i == 0 ? "" : text.separator).append(text.row_open).append(row).append(text.row_close);
  return sql + text.suffix;
}

namespace {

void AppendCell(std::string& sql, const Cell& cell, const Escaper& escaper) {
  switch (cell.kind) {
    case Cell::Kind::kNull: sql += "NULL"; break;
    case Cell::Kind::kNumber: {
      std::array<char, 20> digits;
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), cell.number).ptr;
      sql.append(digits.data(), end);
      break;
    }
    case Cell::Kind::kText:
      sql += '\'';
      escaper.AppendEscaped(sql, cell.text);
      sql += '\'';
      break;
  }
}

}  // namespace

void AppendLiteral(std::string& sql, const SetStatement& statement, const Rows& rows, std::size_t from, std::size_t to,
                   const Escaper& escaper) {
  const RowText& text = statement.text(Engine::kMysql);
  sql += text.prefix;
  for (std::size_t row = from; row < to; ++row) {
    if (row != from) sql += text.separator;
    sql += text.row_open;
    std::size_t column = 0;
    if (statement.unit().empty()) {
      for (; column < rows.width(); ++column) {
        if (column != 0) sql += ',';
        AppendCell(sql, rows.at(row, column), escaper);
      }
    } else {
      for (const char c : statement.unit()) {
        if (c == '?') {
          AppendCell(sql, rows.at(row, column++), escaper);
        } else {
          sql += c;
        }
      }
    }
    sql += text.row_close;
  }
  sql += text.suffix;
}

}  // namespace loyalty::storage
