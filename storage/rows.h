// Rows of cells on their way into a statement, and the text around them. The only place where SQL text is put together
// from values: `?` placeholders on SQLite, literals escaped by the driver on MariaDB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loyalty::storage {

enum class Engine { kSqlite, kMysql };

// One value: a whole number, a text (any bytes), or NULL.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kNumber, kText };
  Kind kind = Kind::kNull;
  std::int64_t number = 0;
  std::string text;

  Cell() = default;
  Cell(std::int64_t value) : kind(Kind::kNumber), number(value) {}        // NOLINT: implicit on purpose
  Cell(int value) : kind(Kind::kNumber), number(value) {}                 // NOLINT
  Cell(bool value) : kind(Kind::kNumber), number(value ? 1 : 0) {}        // NOLINT
  Cell(std::string value) : kind(Kind::kText), text(std::move(value)) {}  // NOLINT
  Cell(std::string_view value) : kind(Kind::kText), text(value) {}        // NOLINT
  Cell(const char* value) : kind(Kind::kText), text(value) {}             // NOLINT
  template <typename T>
  Cell(const std::optional<T>& value) : Cell(value ? Cell(*value) : Cell()) {}  // NOLINT
};

// 0 stands for "none" in memory and is NULL in the table.
inline Cell NullIfZero(std::int64_t value) { return value == 0 ? Cell() : Cell(value); }
inline Cell NullIfEmpty(std::string_view value) { return value.empty() ? Cell() : Cell(value); }

// Rows of equal width.
class Rows {
 public:
  explicit Rows(std::size_t width) : width_(width) {}

  template <typename... Values>
  void Add(Values&&... values) {
    static_assert(sizeof...(Values) > 0);
    (cells_.emplace_back(std::forward<Values>(values)), ...);
  }
  std::size_t width() const { return width_; }
  std::size_t size() const { return cells_.size() / width_; }
  bool empty() const { return cells_.empty(); }
  const Cell& at(std::size_t row, std::size_t column) const { return cells_[row * width_ + column]; }
  void clear() { cells_.clear(); }

 private:
  std::size_t width_;
  std::vector<Cell> cells_;
};

// Text of a statement around its rows, for one engine.
struct RowText {
  std::string prefix, row_open, separator, row_close, suffix;
};

// A statement over a set of rows. One static object for each place in the code: its address is the key of the
// statement cache. `types` has a letter for each cell of a row: i number, t text. `result` likewise for the columns of
// the answer; empty for a statement without one.
class SetStatement {
 public:
  // INSERT of whole rows.
  static SetStatement Insert(std::string table, std::vector<std::string> columns, std::string types);
  // INSERT; a row whose key exists is left as it is.
  static SetStatement InsertOrIgnore(std::string table, std::vector<std::string> columns, std::string types);
  // INSERT; a row whose key exists is overwritten by these columns. `keys` are the first columns.
  static SetStatement Upsert(std::string table, std::vector<std::string> columns, std::size_t keys, std::string types);
  // UPDATE by key; a row is (keys..., values...). With `guard` a further last cell is the version the row must have; it
  // is raised by one. Affected rows = matched rows, which the caller compares with the number of distinct rows. Text
  // must be valid UTF-8, as in SelectJoin: on MariaDB it passes through a table of the rows' own; elsewhere any bytes
  // will do.
  static SetStatement Update(std::string table, std::vector<std::string> keys, std::vector<std::string> values,
                             bool guard, std::string types);
  // SELECT with `WHERE column IN {rows}`: rows have one cell. `suffix` follows the list, for instance ORDER BY.
  static SetStatement SelectIn(std::string select, std::string type, std::string suffix, std::string result,
                               bool lock = false);
  // SELECT joined with the rows as table v(c1, c2, ...): `select` ends before `FROM`, `join` is "table ON condition".
  static SetStatement SelectJoin(std::string select, std::string join, std::string types, std::string result);
  // SELECT of the rows of `table` that have these keys: a row is a value for each key. `select` ends before FROM.
  static SetStatement SelectKeys(std::string select, std::string table, std::vector<std::string> keys,
                                 std::string types, std::string result);
  // UNION ALL of one SELECT for each row; `unit` has a `?` for each cell of a row.
  static SetStatement SelectEach(std::string unit, std::string types, std::string result);

  const RowText& text(Engine engine) const { return engine == Engine::kSqlite ? sqlite_ : mysql_; }
  const std::string& types() const { return types_; }
  const std::string& result() const { return result_; }
  const std::string& name() const { return name_; }
  const std::string& unit() const { return unit_; }

 private:
  SetStatement() = default;
  std::string name_, types_, result_, unit_;
  RowText sqlite_, mysql_;
};

// Text of `count` rows of placeholders.
std::string PlaceholderText(const SetStatement& statement, std::size_t count);

// Escapes as the driver of the session does.
class Escaper {
 public:
  virtual ~Escaper() = default;
  virtual void AppendEscaped(std::string& out, std::string_view text) const = 0;
};

// Appends the statement with the rows [from, to) as literals.
void AppendLiteral(std::string& sql, const SetStatement& statement, const Rows& rows, std::size_t from, std::size_t to,
                   const Escaper& escaper);

}  // namespace loyalty::storage
