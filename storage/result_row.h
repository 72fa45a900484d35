// Rows of an answer, and callbacks that name their columns by the types of their parameters.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "storage/rows.h"

namespace loyalty::storage {

// A row of an answer while the callback runs. NULL reads as 0 or "".
class ResultRow {
 public:
  virtual ~ResultRow() = default;
  virtual std::int64_t Number(std::size_t column) const = 0;
  virtual const std::string& Text(std::size_t column) const = 0;
  virtual bool IsNull(std::size_t column) const = 0;
};
using OnRow = std::function<void(const ResultRow&)>;

// A column of a row as a value of this type: NULL is the empty value, or none of an optional.
template <typename T>
T Value(const ResultRow& row, std::size_t column) {
  if constexpr (TypeOf<T>() == Type::kNumber && std::is_arithmetic_v<T>) {
    return static_cast<T>(row.Number(column));
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(row.Number(column));
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return Bytes{row.Text(column)};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return row.Text(column);
  } else {  // optional
    if (row.IsNull(column)) return std::nullopt;
    return Value<typename T::value_type>(row, column);
  }
}

// What a callback reads: `[](std::int64_t id, const std::string& name) {...}` reads two columns.
template <typename Callback>
struct RowReader : RowReader<decltype(&Callback::operator())> {};
template <typename Class, typename Return, typename... Columns>
struct RowReader<Return (Class::*)(Columns...) const> {
  static std::vector<Type> types() { return TypesOf<Columns...>(); }
  template <typename Callback>
  static OnRow Wrap(Callback callback) {
    return [callback = std::move(callback)](const ResultRow& row) mutable {
      Call(callback, row, std::index_sequence_for<Columns...>());
    };
  }

 private:
  template <typename Callback, std::size_t... At>
  static void Call(Callback& callback, const ResultRow& row, std::index_sequence<At...>) {
    callback(Value<std::remove_cvref_t<Columns>>(row, At)...);
  }
};
template <typename Class, typename Return, typename... Columns>
struct RowReader<Return (Class::*)(Columns...)> : RowReader<Return (Class::*)(Columns...) const> {};

}  // namespace loyalty::storage
