// Statements of SQLite that stay prepared, over sets of rows; for session.cc alone, which knows SOCI.
#pragma once

#include <soci/soci.h>

#include <bit>
#include <string>
#include <vector>

#include "storage/session.h"

namespace loyalty::storage {

// The columns of one answer, and where SOCI puts them.
class Output : public ResultRow {
 public:
  explicit Output(const std::vector<Type>& types)
      : types_(types), numbers_(types.size()), texts_(types.size()), states_(types.size(), soci::i_ok) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Bind(soci::statement& statement) {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      if (types_[i] == Type::kNumber) {
        statement.exchange(soci::into(numbers_[i], states_[i]));
      } else {
        statement.exchange(soci::into(texts_[i], states_[i]));
      }
    }
  }
  std::int64_t Number(std::size_t column) const override { return IsNull(column) ? 0 : numbers_[column]; }
  const std::string& Text(std::size_t column) const override {
    static const std::string kEmpty;
    return IsNull(column) ? kEmpty : texts_[column];
  }
  bool IsNull(std::size_t column) const override { return states_[column] == soci::i_null; }

 private:
  std::vector<Type> types_;
  std::vector<long long> numbers_;
  std::vector<std::string> texts_;
  std::vector<soci::indicator> states_;
};

// A prepared statement of SQLite with places for `capacity` rows; unused places are NULL.
class Prepared {
 public:
  Prepared(soci::session& session, const SetStatement& statement, std::size_t capacity, const std::vector<Type>& result)
      : width_(statement.types().size()),
        numbers_(capacity * width_),
        texts_(capacity * width_),
        states_(capacity * width_, soci::i_null),
        output_(result),
        statement_(session) {
    statement_.alloc();
    statement_.prepare(PlaceholderText(statement, capacity));
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      if (statement.types()[i % width_] == Type::kNumber) {
        statement_.exchange(soci::use(numbers_[i], states_[i]));
      } else {
        statement_.exchange(soci::use(texts_[i], states_[i]));
      }
    }
    output_.Bind(statement_);
    statement_.define_and_bind();
  }

  std::int64_t Execute(const Rows& rows, std::size_t from, std::size_t to, const OnRow* on_row) {
    const std::size_t used = (to - from) * width_;
    for (std::size_t i = 0; i < used; ++i) {
      const Cell& cell = rows.at(from + i / width_, i % width_);
      states_[i] = cell.kind == Cell::Kind::kNull ? soci::i_null : soci::i_ok;
      if (cell.kind == Cell::Kind::kNumber) numbers_[i] = cell.number;
      if (cell.kind == Cell::Kind::kText || cell.kind == Cell::Kind::kBytes) texts_[i].assign(cell.text);
    }
    for (std::size_t i = used; i < used_; ++i) states_[i] = soci::i_null;
    used_ = used;
    bool more = statement_.execute(true);
    // To the end, always: a SELECT left in the middle pins a read snapshot.
    for (; more && on_row != nullptr; more = statement_.fetch()) (*on_row)(output_);
    return on_row == nullptr ? statement_.get_affected_rows() : 0;
  }

 private:
  std::size_t width_;
  std::vector<long long> numbers_;
  std::vector<std::string> texts_;
  std::vector<soci::indicator> states_;
  Output output_;
  soci::statement statement_;
  std::size_t used_ = 0;
};

// Rows of a prepared statement that takes `rows`: 1, 2, 3, 4, 6, 8, 12, ..., so that a dozen of them serve every size
// and at most a third of what is bound is NULL.
inline std::size_t CapacityFor(std::size_t rows) {
  const std::size_t power = std::bit_ceil(rows);
  return power >= 4 && rows <= power / 4 * 3 ? power / 4 * 3 : power;
}

}  // namespace loyalty::storage
