#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mysql.h>

#include <stdexcept>

#include "tests/bench/raw_engines.h"

namespace loyalty::test {
namespace {

using storage::Cell;

constexpr unsigned kBinary = 63;  // the character set of columns of bytes

[[noreturn]] void Fail(MYSQL* handle) { throw std::runtime_error(std::string("MariaDB: ") + mysql_error(handle)); }

void Query(MYSQL* handle, const std::string& sql) {
  if (mysql_real_query(handle, sql.data(), sql.size()) != 0) Fail(handle);
}

// Literals: a text of many rows is what this engine takes fastest.
class MysqlWriter final : public RowWriter {
 public:
  MysqlWriter(MYSQL* handle, std::string prefix, std::string suffix)
      : handle_(handle), prefix_(std::move(prefix)), suffix_(std::move(suffix)), text_(prefix_) {}

  void Add(const Cell& cell) override {
    text_ += first_cell_ ? (first_row_ ? "(" : ",(") : ",";
    first_cell_ = false;
    switch (cell.kind) {
      case Cell::Kind::kNull: text_ += "NULL"; break;
      case Cell::Kind::kNumber: fmt::format_to(std::back_inserter(text_), "{}", cell.number); break;
      case Cell::Kind::kText: AddQuoted(cell.text); break;
      case Cell::Kind::kBytes:
        text_ += "_binary";
        AddQuoted(cell.text);
        break;
    }
  }
  void EndRow() override {
    text_ += ')';
    first_cell_ = true;
    first_row_ = false;
  }
  void Send() override {
    text_ += suffix_;
    Query(handle_, text_);
    text_ = prefix_;
    first_row_ = true;
  }

 private:
  void AddQuoted(const std::string& text) {
    const std::size_t at = text_.size();
    text_.resize(at + text.size() * 2 + 3);
    text_[at] = '\'';
    const auto length = mysql_real_escape_string(handle_, text_.data() + at + 1, text.data(), text.size());
    text_[at + 1 + length] = '\'';
    text_.resize(at + 2 + length);
  }

  MYSQL* handle_;
  std::string prefix_, suffix_, text_;
  bool first_cell_ = true, first_row_ = true;
};

class MysqlDatabase final : public RawDatabase {
 public:
  explicit MysqlDatabase(const storage::DatabaseUrl& url) {
    if (mysql_real_connect(handle_, url.host.c_str(), url.user.c_str(), url.password.c_str(), url.database.c_str(),
                           static_cast<unsigned>(url.port), url.unix_socket.empty() ? nullptr : url.unix_socket.c_str(),
                           0) == nullptr)
      Fail(handle_);
    Execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
    Execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  }
  ~MysqlDatabase() override { mysql_close(handle_); }

  void Execute(const std::string& sql) override { Query(handle_, sql); }

  std::vector<std::vector<Cell>> Read(const std::string& sql) override {
    Query(handle_, sql);
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(handle_),
                                                                          mysql_free_result);
    if (!result) Fail(handle_);
    std::vector<std::vector<Cell>> rows;
    const unsigned width = mysql_num_fields(result.get());
    while (const MYSQL_ROW values = mysql_fetch_row(result.get())) {
      const unsigned long* lengths = mysql_fetch_lengths(result.get());
      auto& row = rows.emplace_back();
      for (unsigned i = 0; i < width; ++i) {
        const MYSQL_FIELD& field = *mysql_fetch_field_direct(result.get(), i);
        const auto type = field.type;
        if (values[i] == nullptr) {
          row.emplace_back();
        } else if (type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_LONG) {
          row.emplace_back(std::int64_t{std::stoll(values[i])});
        } else if (field.charsetnr == kBinary) {
          row.emplace_back(Bytes{std::string(values[i], lengths[i])});
        } else {
          row.emplace_back(std::string(values[i], lengths[i]));
        }
      }
    }
    return rows;
  }

  std::vector<std::string> ColumnsOf(const std::string& table) override {
    std::vector<std::string> columns;
    for (const auto& row : Read("SHOW COLUMNS FROM " + table)) columns.push_back(row.front().text);
    return columns;
  }

  std::unique_ptr<RowWriter> Writer(const std::string& table, const std::vector<std::string>& columns,
                                    const std::vector<std::string>& keys, std::size_t) override {
    std::string suffix;
    if (!keys.empty()) {
      suffix = " ON DUPLICATE KEY UPDATE ";
      for (std::size_t i = 0; i < columns.size(); ++i)
        suffix += fmt::format("{}{}=VALUES({})", i == 0 ? "" : ",", columns[i], columns[i]);
    }
    return std::make_unique<MysqlWriter>(
        handle_, fmt::format("INSERT INTO {} ({}) VALUES ", table, fmt::join(columns, ",")), suffix);
  }

  const char* begin() const override { return "START TRANSACTION"; }
  const char* for_update() const override { return " FOR UPDATE"; }

 private:
  MYSQL* handle_ = mysql_init(nullptr);
};

}  // namespace

std::unique_ptr<RawDatabase> OpenRawMysql(const storage::DatabaseUrl& url) {
  return std::make_unique<MysqlDatabase>(url);
}

}  // namespace loyalty::test
