// A column of a table and where its value stands in the row, said once.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "storage/result_row.h"

namespace loyalty::storage {

// What is special about a column.
enum Trait : unsigned {
  kPlain = 0,
  kKey = 1,          // part of the primary key, in its order
  kSealed = 2,       // its value is part of the row's seal
  kSealedHash = 4,   // a hash of its value is: it may be erased
  kFixed = 8,        // never changes once it is written
  kAlone = 16,       // indexed or seldom changed: an UPDATE of its own, so that others do not rewrite the index
  kVersion = 32,     // guards: an UPDATE finds the row in the version that was read, and raises it
  kNoneIsNull = 64,  // 0 or "" stands for none, and is NULL in the table
  kSeal = 128,       // holds the seal
  kSeldom = 256,     // changes seldom: an UPDATE leaves it out when it does in none of the rows
};

template <typename Row>
struct Column {
  const char* name;
  unsigned traits;
  Type type;
  Cell (*get)(const Row& row);
  void (*set)(Row& row, const ResultRow& from, std::size_t column);
  bool (*same)(const Row& a, const Row& b);

  bool Is(unsigned trait) const { return (traits & trait) != 0; }
};

// The member that a path of pointers to members leads to.
template <auto First, auto... Rest, typename Object>
constexpr auto& At(Object& object) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*First;
  } else {
    return At<Rest...>(object.*First);
  }
}

template <typename Object, typename Value>
Object ObjectOf(Value Object::*);

template <typename T>
Cell CellOf(const T& value, bool none_is_null) {
  if constexpr (TypeOf<T>() == Type::kNumber && (std::is_arithmetic_v<T> || std::is_enum_v<T>)) {
    const auto number = static_cast<std::int64_t>(value);
    return none_is_null ? NullIfZero(number) : Cell(number);
  } else if constexpr (requires { value.has_value(); }) {
    return value ? CellOf(*value, false) : Cell();
  } else {
    return none_is_null ? NullIfEmpty(value) : Cell(value);
  }
}

// Col<&Row::balance, &Balances::available>("available", kSealed).
template <auto First, auto... Rest>
constexpr auto Col(const char* name, unsigned traits = kPlain) {
  using Row = decltype(ObjectOf(First));
  using Field = std::remove_cvref_t<decltype(At<First, Rest...>(std::declval<Row&>()))>;
  return Column<Row>{
      name, traits, TypeOf<Field>(),
      // The trait is known to whoever calls; a function has no place for it, so both exist.
      (traits & kNoneIsNull) != 0 ? +[](const Row& row) { return CellOf(At<First, Rest...>(row), true); }
                                  : +[](const Row& row) { return CellOf(At<First, Rest...>(row), false); },
      [](Row& row, const ResultRow& from, std::size_t column) { At<First, Rest...>(row) = Value<Field>(from, column); },
      [](const Row& a, const Row& b) { return At<First, Rest...>(a) == At<First, Rest...>(b); }};
}

// A column whose value is computed: `Get(row)`, and `Set(row, value)` back.
template <auto Get, auto Set, typename Row>
constexpr Column<Row> Computed(const char* name, unsigned traits = kPlain) {
  using Field = std::remove_cvref_t<decltype(Get(std::declval<const Row&>()))>;
  return {name,
          traits,
          TypeOf<Field>(),
          (traits & kNoneIsNull) != 0 ? +[](const Row& row) { return CellOf(Get(row), true); }
                                      : +[](const Row& row) { return CellOf(Get(row), false); },
          [](Row& row, const ResultRow& from, std::size_t column) { Set(row, Value<Field>(from, column)); },
          [](const Row& a, const Row& b) { return Get(a) == Get(b); }};
}

}  // namespace loyalty::storage
