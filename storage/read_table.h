// Reads of whole rows by hand: plain, outside of a working set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/table.h"

namespace loyalty::storage {

// Rows that a statement answers, which selects the columns of the table (Table::select). Throws Failure, like all
// below.
template <typename Row>
std::vector<Row> ReadRows(Session& session, const SetStatement& statement, const Rows& arguments) {
  std::vector<Row> rows;
  session.ReadRows(statement, arguments, Row::table().types(),
                   [&rows](const ResultRow& from) { rows.push_back(Row::table().Of(from)); });
  return rows;
}

// Rows that a text without arguments answers, which follows Table::select.
template <typename Row>
std::vector<Row> ReadRows(Session& session, const std::string& rest) {
  std::vector<Row> rows;
  session.ReadRows(Row::table().select() + rest, Row::table().types(),
                   [&rows](const ResultRow& from) { rows.push_back(Row::table().Of(from)); });
  return rows;
}

template <typename Row>
std::optional<Row> First(std::vector<Row> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

template <typename Row>
std::optional<Row> ReadByKey(Session& session, const typename Row::Key& key) {
  Rows keys(WidthOf<typename Row::Key>());
  AddKey(keys, key);
  return First(ReadRows<Row>(session, Row::table().ByKey(), keys));
}

// Inserts a row by itself, sealed where its table is: what `init` and tests lay down. Others go through a working set.
template <typename Row>
void InsertRow(Session& session, Row row, const ProgramKeys& keys) {
  const Table<Row>& table = Row::table();
  if constexpr (requires { row.sealed_with; }) {
    row.seal = table.SealOf(row, row.sealed_with, keys.current);
  } else if constexpr (requires { row.seal; }) {
    row.seal = table.SealOf(row, {}, keys.current);
  }
  Rows rows(table.columns().size());
  table.AddInsert(rows, row);
  session.Write(table.Insert(), rows);
}

}  // namespace loyalty::storage
