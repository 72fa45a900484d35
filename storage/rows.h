// Rows of cells on their way into a statement, and the text around them. The only place where SQL text is put together
// from values: `?` placeholders on SQLite, literals escaped by the driver on MariaDB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "domain/bytes.h"

namespace loyalty::storage {

enum class Engine { kSqlite, kMysql };

// What a column holds.
enum class Type : std::uint8_t { kNumber, kText, kBytes };

// The type of a C++ type: numbers, enums and flags; texts; bytes; each of them optional.
template <typename T>
constexpr Type TypeOf() {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (requires {
                  typename Plain::value_type;
                  requires std::is_same_v<Plain, std::optional<typename Plain::value_type>>;
                }) {
    return TypeOf<typename Plain::value_type>();
  } else if constexpr (std::is_same_v<Plain, Bytes>) {
    return Type::kBytes;
  } else if constexpr (std::is_arithmetic_v<Plain> || std::is_enum_v<Plain>) {
    return Type::kNumber;
  } else {
    static_assert(std::is_convertible_v<Plain, std::string_view>, "no type of a column");
    return Type::kText;
  }
}
template <typename... Ts>
std::vector<Type> TypesOf() {
  return {TypeOf<Ts>()...};
}

// One value: a whole number, a text (any valid UTF-8), bytes, or NULL.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kNumber, kText, kBytes };
  Kind kind = Kind::kNull;
  std::int64_t number = 0;
  std::string text;

  Cell() = default;
  Cell(std::int64_t value) : kind(Kind::kNumber), number(value) {}         // NOLINT: implicit on purpose
  Cell(int value) : kind(Kind::kNumber), number(value) {}                  // NOLINT
  Cell(bool value) : kind(Kind::kNumber), number(value ? 1 : 0) {}         // NOLINT
  Cell(std::string value) : kind(Kind::kText), text(std::move(value)) {}   // NOLINT
  Cell(std::string_view value) : kind(Kind::kText), text(value) {}         // NOLINT
  Cell(const char* value) : kind(Kind::kText), text(value) {}              // NOLINT
  Cell(Bytes value) : kind(Kind::kBytes), text(std::move(value.value)) {}  // NOLINT
  template <typename T>
  requires std::is_enum_v<T> Cell(T value) : Cell(static_cast<std::int64_t>(value)) {}  // NOLINT
  template <typename T>
  Cell(const std::optional<T>& value) : Cell(value ? Cell(*value) : Cell()) {}  // NOLINT
};

// 0 stands for "none" in memory and is NULL in the table.
inline Cell NullIfZero(std::int64_t value) { return value == 0 ? Cell() : Cell(value); }
inline Cell NullIfEmpty(std::string_view value) { return value.empty() ? Cell() : Cell(value); }
inline Cell NullIfEmpty(const Bytes& value) { return value.empty() ? Cell() : Cell(value); }

// Rows of equal width.
class Rows {
 public:
  explicit Rows(std::size_t width) : width_(width) {}
  // One row.
  template <typename... Values>
  static Rows Of(Values&&... values) {
    Rows rows(sizeof...(Values));
    rows.Add(std::forward<Values>(values)...);
    return rows;
  }

  template <typename... Values>
  void Add(Values&&... values) {
    static_assert(sizeof...(Values) > 0);
    (cells_.emplace_back(std::forward<Values>(values)), ...);
  }
  void Reserve(std::size_t rows) { cells_.reserve(rows * width_); }
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

// The order in which rows are locked, also across servers: no lock is ever taken after one of a higher rank.
enum class Rank : std::uint8_t {
  kNone,
  kProgram,
  kPrincipal,
  kOperator,
  kLease,
  kJob,
  kMember,
  kReceipt,
  kRedemption,
  kOwned,
  kSeal
};

// A statement over a set of rows. One static object for each place in the code: its address is the key of the
// statement cache. Tables (table.h) make those that write; what reads by hand names the types of its arguments, and its
// callback those of the answer (Session::Read).
class SetStatement {
 public:
  using Types = std::vector<Type>;

  // INSERT of whole rows.
  static SetStatement Insert(const std::string& table, const std::vector<std::string>& columns, Types types);
  // UPDATE by key; a row is (keys..., values...). With `guard` a further last cell is the version the row must have; it
  // is raised by one. Affected rows = matched rows, which the caller compares with the number of distinct rows. Text
  // must be valid UTF-8: on MariaDB it passes through a table of the rows' own; elsewhere any bytes will do.
  static SetStatement Update(const std::string& table, const std::vector<std::string>& keys,
                             const std::vector<std::string>& values, bool guard, Types types);
  // DELETE by key.
  static SetStatement Delete(const std::string& table, const std::vector<std::string>& keys, Types types);
  // SELECT of the rows of `table` that have these keys: a row is a value for each key. `select` ends before FROM.
  static SetStatement SelectKeys(const std::string& select, const std::string& table,
                                 const std::vector<std::string>& keys, Types types);
  // SELECT with `WHERE column IN {rows}`: rows have one cell. `suffix` follows the list, for instance ORDER BY. With a
  // rank the rows are locked FOR UPDATE; `skip`: but for those that others hold, which are not answered.
  static SetStatement SelectIn(const std::string& select, Type type, const std::string& suffix = "",
                               Rank lock = Rank::kNone, bool skip = false);
  // UNION ALL of one SELECT for each row; `unit` has a `?` for each cell of a row.
  static SetStatement SelectEach(std::string unit, Types types);
  template <typename... Arguments>
  static SetStatement SelectEach(std::string unit) {
    return SelectEach(std::move(unit), TypesOf<Arguments...>());
  }

  const RowText& text(Engine engine) const { return engine == Engine::kSqlite ? sqlite_ : mysql_; }
  const Types& types() const { return types_; }
  // "verb table", as hooks and errors tell it.
  const std::string& name() const { return name_; }
  const std::string& unit() const { return unit_; }
  Rank lock() const { return lock_; }

 private:
  SetStatement() = default;
  std::string name_, unit_;
  Types types_;
  Rank lock_ = Rank::kNone;
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
