#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <stdexcept>

#include "tests/bench/raw_engines.h"

namespace loyalty::test {
namespace {

using storage::Cell;

[[noreturn]] void Fail(sqlite3* handle) { throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(handle)); }

using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Statement Prepare(sqlite3* handle, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) Fail(handle);
  return {statement, sqlite3_finalize};
}

class SqliteWriter final : public RowWriter {
 public:
  SqliteWriter(sqlite3* handle, const std::string& sql) : handle_(handle), statement_(Prepare(handle, sql)) {}

  void Add(const Cell& cell) override {
    ++place_;
    // Texts stay where they are until Send: rows are built before they are added.
    if (cell.kind == Cell::Kind::kNumber) sqlite3_bind_int64(statement_.get(), place_, cell.number);
    if (cell.kind == Cell::Kind::kNull) sqlite3_bind_null(statement_.get(), place_);
    if (cell.kind == Cell::Kind::kText)
      sqlite3_bind_text(statement_.get(), place_, cell.text.data(), static_cast<int>(cell.text.size()),
                        SQLITE_TRANSIENT);
    if (cell.kind == Cell::Kind::kBytes)
      sqlite3_bind_blob(statement_.get(), place_, cell.text.data(), static_cast<int>(cell.text.size()),
                        SQLITE_TRANSIENT);
  }
  void EndRow() override {}
  void Send() override {
    if (sqlite3_step(statement_.get()) != SQLITE_DONE) Fail(handle_);
    sqlite3_reset(statement_.get());
    place_ = 0;
  }

 private:
  sqlite3* handle_;
  Statement statement_;
  int place_ = 0;
};

class SqliteDatabase final : public RawDatabase {
 public:
  explicit SqliteDatabase(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) Fail(handle_);
    sqlite3_busy_timeout(handle_, 60'000);
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-32768",
                               "PRAGMA wal_autocheckpoint=4000"})
      Read(pragma);
  }
  ~SqliteDatabase() override { sqlite3_close_v2(handle_); }

  void Execute(const std::string& sql) override {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) Fail(handle_);
  }

  std::vector<std::vector<Cell>> Read(const std::string& sql) override {
    const Statement statement = Prepare(handle_, sql);
    std::vector<std::vector<Cell>> rows;
    int result = 0;
    while ((result = sqlite3_step(statement.get())) == SQLITE_ROW) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) row.push_back(CellAt(statement.get(), i));
    }
    if (result != SQLITE_DONE) Fail(handle_);
    return rows;
  }

  std::vector<std::string> ColumnsOf(const std::string& table) override {
    const Statement statement = Prepare(handle_, "SELECT * FROM " + table);
    std::vector<std::string> columns;
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
      columns.emplace_back(sqlite3_column_name(statement.get(), i));
    return columns;
  }

  std::unique_ptr<RowWriter> Writer(const std::string& table, const std::vector<std::string>& columns,
                                    const std::vector<std::string>& keys, std::size_t rows) override {
    const std::string row = fmt::format("({})", fmt::join(std::vector<std::string>(columns.size(), "?"), ","));
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", table, fmt::join(columns, ","),
                                  fmt::join(std::vector<std::string>(rows, row), ","));
    if (!keys.empty()) {
      sql += fmt::format(" ON CONFLICT ({}) DO UPDATE SET ", fmt::join(keys, ","));
      for (std::size_t i = 0; i < columns.size(); ++i)
        sql += fmt::format("{}{}=excluded.{}", i == 0 ? "" : ",", columns[i], columns[i]);
    }
    return std::make_unique<SqliteWriter>(handle_, sql);
  }

  const char* begin() const override { return "BEGIN IMMEDIATE"; }
  const char* for_update() const override { return ""; }

 private:
  static Cell CellAt(sqlite3_stmt* statement, int i) {
    if (sqlite3_column_type(statement, i) == SQLITE_NULL) return {};
    if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, i));
    const bool bytes = sqlite3_column_type(statement, i) == SQLITE_BLOB;
    const void* data = bytes ? sqlite3_column_blob(statement, i) : sqlite3_column_text(statement, i);
    std::string text;  // no bytes are no pointer
    if (data != nullptr)
      text.assign(static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
    return bytes ? Cell(Bytes{std::move(text)}) : Cell(std::move(text));
  }

  sqlite3* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<RawDatabase> OpenRawSqlite(const storage::DatabaseUrl& url) {
  return std::make_unique<SqliteDatabase>(url.path);
}

}  // namespace loyalty::test
