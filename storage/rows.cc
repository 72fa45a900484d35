#include "storage/rows.h"

#include <array>
#include <charconv>

#include "domain/check.h"

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

// A key as it stands before IN.
std::string KeyText(const std::vector<std::string>& keys) {
  return keys.size() == 1 ? keys.front() : "(" + Join(keys, ", ") + ")";
}

// "name" of a table, without the alias behind it.
std::string FirstWord(const std::string& text) { return text.substr(0, text.find(' ')); }

}  // namespace

SetStatement SetStatement::Insert(const std::string& table, const std::vector<std::string>& columns, Types types) {
  Check(columns.size() == types.size(), "each column has a type");
  SetStatement statement;
  statement.name_ = "insert " + table;
  statement.types_ = std::move(types);
  const std::string head = "INSERT INTO " + table + " (" + Join(columns, ", ") + ")";
  // Unused places of a cached statement are rows of NULL.
  statement.sqlite_ = {head + " SELECT * FROM (VALUES ", "(", ",", ")", ") WHERE column1 IS NOT NULL"};
  statement.mysql_ = {head + " VALUES ", "(", ",", ")", ""};
  return statement;
}

SetStatement SetStatement::Update(const std::string& table, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& values, bool guard, Types types) {
  const std::size_t width = keys.size() + values.size() + (guard ? 1 : 0);
  Check(width == types.size(), "each column has a type");
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
    set_sqlite += (values.empty() ? "" : ", ") + std::string("version = t.version + 1");
    set_mysql += (values.empty() ? "" : ", ") + std::string("t.version = t.version + 1");
  }
  statement.sqlite_ =
      TableText(Engine::kSqlite, width, "UPDATE " + table + " AS t SET " + set_sqlite + " FROM ", " AS v WHERE " + on);
  statement.mysql_ = TableText(Engine::kMysql, width, "UPDATE ",
                               " AS v STRAIGHT_JOIN " + table + " AS t ON " + on + " SET " + set_mysql);
  return statement;
}

SetStatement SetStatement::Delete(const std::string& table, const std::vector<std::string>& keys, Types types) {
  Check(keys.size() == types.size(), "each key has a type");
  SetStatement statement;
  statement.name_ = "delete " + table;
  statement.types_ = std::move(types);
  const std::string head = "DELETE FROM " + table + " WHERE " + KeyText(keys) + " IN (";
  // SQLite would look through the whole table for `IN (VALUES ...)` of several columns, not for the rows of a SELECT.
  statement.sqlite_ = {head + "SELECT * FROM (VALUES ", "(", ",", ")", ") WHERE column1 IS NOT NULL)"};
  statement.mysql_ = {head, "(", ",", ")", ")"};
  return statement;
}

SetStatement SetStatement::SelectIn(const std::string& select, Type type, const std::string& suffix, Rank lock,
                                    bool skip) {
  SetStatement statement;
  const auto from = select.rfind("FROM ") + 5;
  statement.name_ = (lock == Rank::kNone ? "read " : "lock ") + FirstWord(select.substr(from));
  statement.types_ = {type};
  statement.lock_ = lock;
  statement.sqlite_ = {select + " IN (", "", ",", "", ")" + suffix};
  const char* locks = lock == Rank::kNone ? "" : skip ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE";
  statement.mysql_ = {select + " IN (", "", ",", "", ")" + suffix + locks};
  return statement;
}

SetStatement SetStatement::SelectKeys(const std::string& select, const std::string& table,
                                      const std::vector<std::string>& keys, Types types) {
  Check(keys.size() == types.size(), "each key has a type");
  std::string on;
  for (std::size_t i = 0; i < keys.size(); ++i) on += (i == 0 ? "" : " AND ") + keys[i] + " = v." + Column(i);
  SetStatement statement;
  statement.name_ = "read " + FirstWord(table);
  statement.types_ = std::move(types);
  statement.sqlite_ =
      TableText(Engine::kSqlite, keys.size(), select + " FROM ", " AS v CROSS JOIN " + table + " ON " + on);
  // Ranges of the key: half of what a join with the rows' own table takes.
  statement.mysql_ = {select + " FROM " + table + " WHERE (" + Join(keys, ", ") + ") IN (", "(", ",", ")", ")"};
  return statement;
}

SetStatement SetStatement::SelectEach(std::string unit, Types types) {
  SetStatement statement;
  const auto from = unit.find("FROM ");
  statement.name_ = "read " + (from == std::string::npos ? "nothing" : FirstWord(unit.substr(from + 5)));
  statement.types_ = std::move(types);
  statement.unit_ = std::move(unit);
  statement.sqlite_ = {"", "SELECT * FROM (", " UNION ALL ", ")", ""};
  statement.mysql_ = {"", "(", " UNION ALL ", ")", ""};
  return statement;
}

std::string PlaceholderText(const SetStatement& statement, std::size_t count) {
  const RowText& text = statement.text(Engine::kSqlite);
  // SOCI binds a string as a text: other tools would find a text in a column of bytes, and every text is less than any
  // bytes.
  const auto place = [&statement](std::size_t column) {
    return statement.types()[column] == Type::kBytes ? "CAST(? AS BLOB)" : "?";
  };
  std::string row;
  if (statement.unit().empty()) {
    for (std::size_t i = 0; i < statement.types().size(); ++i) row.append(i == 0 ? "" : ",").append(place(i));
  } else {
    std::size_t column = 0;
    for (const char c : statement.unit()) c == '?' ? row.append(place(column++)) : row.append(1, c);
  }
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
    case Cell::Kind::kBytes:
      sql += "x'";
      for (const char c : cell.text) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        sql += kDigits[static_cast<unsigned char>(c) >> 4U];
        sql += kDigits[static_cast<unsigned char>(c) & 15U];
      }
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
