// A table as one descriptor: name, rank and columns. Everything that is done with its rows follows from it, on both
// engines: reads by key, the first rows of a prefix, locks, inserts, updates, deletes, seals.
//
// A row is a struct with
//   using Key = ...; Key key() const;            a number, a text, bytes, or a std::tuple of them: the kKey columns
//   using Prefix = ...;                         where rows hang below something: the first columns of the key
//   static const Table<Row>& table();
#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "domain/keys.h"
#include "storage/column.h"

namespace loyalty::storage {

template <typename T>
struct IsTuple : std::false_type {};
template <typename... Ts>
struct IsTuple<std::tuple<Ts...>> : std::true_type {};

// Appends a key, or a prefix of one, as cells.
template <typename Key>
void AddKey(Rows& rows, const Key& key) {
  if constexpr (IsTuple<Key>::value) {
    std::apply([&rows](const auto&... parts) { rows.Add(parts...); }, key);
  } else {
    rows.Add(key);
  }
}
template <typename Key>
constexpr std::size_t WidthOf() {
  if constexpr (IsTuple<Key>::value) {
    return std::tuple_size_v<Key>;
  } else {
    return 1;
  }
}

// How many rows of a prefix are read at once: few, some, many, all.
enum class Reach : std::uint8_t { kFew, kFirst, kMore, kAll };
inline constexpr std::array kReaches{Reach::kFew, Reach::kFirst, Reach::kMore, Reach::kAll};
inline constexpr std::array<int, 3> kReachRows = {8, 64, 512};

// What an UPDATE sets: all that it may but for what is set alone; the same without what changes seldom; what is set
// alone.
enum class Sets : std::uint8_t { kAll, kOften, kAlone };

// The part of a descriptor that knows no row.
struct TableName {
  const char* name;
  int number;  // in seals: never changed
  Rank rank;   // kNone: names, or a view that is only read
};

template <typename Row>
class Table {
 public:
  Table(TableName about, std::vector<Column<Row>> columns) : about_(about), columns_(std::move(columns)) { Prepare(); }
  // A view: `unit` is a SELECT of these columns with a `?` for each part of the key.
  Table(TableName about, std::vector<Column<Row>> columns, const std::string& unit) : Table(about, std::move(columns)) {
    by_key_ = SetStatement::SelectEach(unit, by_key_->types());
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const char* name() const { return about_.name; }
  int number() const { return about_.number; }
  Rank rank() const { return about_.rank; }
  const std::vector<Column<Row>>& columns() const { return columns_; }
  // Types of the columns, as reads answer them.
  const std::vector<Type>& types() const { return types_; }

  // Statements. Rows of ByKey, Lock, TryLock, Delete are keys, those of First are prefixes.
  const SetStatement& ByKey() const { return *by_key_; }
  const SetStatement& Lock() const { return *lock_; }
  // Locks what nobody else holds; the rest is not answered.
  const SetStatement& TryLock() const { return *try_lock_; }
  const SetStatement& First(Reach reach) const { return *first_[static_cast<std::size_t>(reach)]; }
  const SetStatement& Insert() const { return *insert_; }
  // Without `guard`, for sabotage only: what the version prevents.
  const SetStatement& Update(Sets sets = Sets::kAll, bool guard = true) const {
    if (sets == Sets::kAlone) return *update_alone_;
    if (!guard && guarded_) return *update_unguarded_;
    return sets == Sets::kOften && update_often_ ? *update_often_ : *update_;
  }
  const SetStatement& Delete() const { return *delete_; }
  bool is_guarded() const { return guarded_; }
  bool has_alone() const { return update_alone_.has_value(); }
  bool has_update() const { return update_.has_value(); }

  // "SELECT a, b FROM table", for reads by hand; their answers are read by Of.
  const std::string& select() const { return select_; }

  Row Of(const ResultRow& from) const {
    Row row;
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].set(row, from, i);
    return row;
  }

  // Appends a whole row; a key and what UPDATE sets, and the version it must have.
  void AddInsert(Rows& rows, const Row& row) const {
    for (const auto& column : columns_) rows.Add(column.get(row));
  }
  void AddUpdate(Rows& rows, const Row& row, Sets sets, bool guard = true) const {
    for (const auto& column : columns_)
      if (column.Is(kKey)) rows.Add(column.get(row));
    // Without a guard all is set: one statement of sabotage is enough.
    const Sets these = guard || !guarded_ || sets == Sets::kAlone ? sets : Sets::kAll;
    for (const auto& column : columns_)
      if (IsSet(column, these)) rows.Add(column.get(row));
    if (sets != Sets::kAlone && guard && guarded_) rows.Add(version_(row));
  }

  // Whether two rows differ in what such an UPDATE sets.
  bool Differ(const Row& a, const Row& b, Sets sets) const {
    for (const auto& column : columns_)
      if (IsSet(column, sets) && !column.same(a, b)) return true;
    return false;
  }
  // Whether they differ in something that changes seldom.
  bool DifferSeldom(const Row& a, const Row& b) const {
    if (!update_often_) return false;
    for (const auto& column : columns_)
      if (column.Is(kSeldom) && !column.same(a, b)) return true;
    return false;
  }

  // The seal of a row: 16 bytes of keyed BLAKE2b over the table's number and the sealed columns, each as its number,
  // its type and its value; `more` is what else belongs to the row. Behind encoding and key id.
  bool is_sealed() const { return seal_ != nullptr; }
  Bytes SealOf(const Row& row, const Bytes& more, const KeySet& keys) const {
    Digest digest(keys.seal);
    digest.Add(std::int64_t{about_.number});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column<Row>& column = columns_[i];
      if (!column.Is(kSealed | kSealedHash)) continue;
      digest.Mark(static_cast<unsigned char>(i));
      const Cell cell = column.get(row);
      digest.Mark(static_cast<unsigned char>(cell.kind));
      if (cell.kind == Cell::Kind::kNumber) digest.Add(cell.number);
      if (cell.kind != Cell::Kind::kNumber && !column.Is(kSealedHash)) digest.Add(cell.text);
      if (cell.kind != Cell::Kind::kNumber && column.Is(kSealedHash)) digest.Add(HashOf(cell.text, keys).value);
    }
    digest.Add(more.value);
    return Stamped(kSealEncoding, keys.id, digest.Finish());
  }
  // Whether two rows differ in what is sealed.
  bool SealDiffers(const Row& a, const Row& b) const {
    for (const auto& column : columns_)
      if (column.Is(kSealed | kSealedHash) && !column.same(a, b)) return true;
    return false;
  }
  // The seal that stands in a row.
  Bytes Stored(const Row& row) const { return Bytes{seal_->get(row).text}; }
  bool IsIntact(const Row& row, const Bytes& more, const ProgramKeys& keys) const {
    const KeySet* maker = keys.MakerOf(Stored(row));
    return maker != nullptr && Stored(row) == SealOf(row, more, *maker);
  }

 private:
  static constexpr unsigned char kSealEncoding = 1;

  static Bytes HashOf(std::string_view text, const KeySet& keys) {
    Digest digest(keys.seal);
    digest.Add(text);
    return digest.Finish();
  }
  static bool IsSet(const Column<Row>& column, Sets sets) {
    if (column.Is(kKey | kFixed | kVersion) || column.Is(kAlone) != (sets == Sets::kAlone)) return false;
    return sets != Sets::kOften || !column.Is(kSeldom);
  }

  void Prepare();

  TableName about_;
  std::vector<Column<Row>> columns_;
  std::vector<Type> types_;
  std::string select_;
  std::optional<SetStatement> by_key_, lock_, try_lock_, insert_, update_, update_often_, update_unguarded_,
      update_alone_, delete_;
  std::array<std::optional<SetStatement>, kReaches.size()> first_;
  bool guarded_ = false;
  Cell (*version_)(const Row&) = nullptr;
  const Column<Row>* seal_ = nullptr;
};

template <typename Row>
void Table<Row>::Prepare() {
  std::vector<std::string> names, keys;
  std::vector<Type> key_types;
  bool has_seldom = false;
  for (const Column<Row>& column : columns_) {
    names.emplace_back(column.name);
    types_.push_back(column.type);
    select_.append(select_.empty() ? "SELECT " : ", ").append(column.name);
    if (column.Is(kKey)) {
      keys.emplace_back(column.name);
      key_types.push_back(column.type);
    }
    if (column.Is(kVersion)) {
      guarded_ = true;
      version_ = column.get;
    }
    has_seldom = has_seldom || column.Is(kSeldom);
    if (column.Is(kSeal)) seal_ = &column;
  }
  const std::string columns = select_;
  select_.append(" FROM ").append(about_.name);
  if (keys.size() == 1) {
    by_key_ = SetStatement::SelectIn(select_ + " WHERE " + keys.front(), key_types.front());
    const auto lock = [&](bool skip) {
      return SetStatement::SelectIn(select_ + " WHERE " + keys.front(), key_types.front(), " ORDER BY " + keys.front(),
                                    about_.rank, skip);
    };
    lock_ = lock(false);
    try_lock_ = lock(true);
  } else {
    by_key_ = SetStatement::SelectKeys(columns, about_.name, keys, key_types);
  }
  insert_ = SetStatement::Insert(about_.name, names, types_);
  delete_ = SetStatement::Delete(about_.name, keys, key_types);
  // Nothing, where there is nothing to set.
  const auto update = [&](Sets sets, bool guard) {
    std::vector<std::string> set;
    std::vector<Type> types = key_types;
    for (const Column<Row>& column : columns_) {
      if (!IsSet(column, sets)) continue;
      set.emplace_back(column.name);
      types.push_back(column.type);
    }
    if (guard) types.push_back(Type::kNumber);
    return set.empty() && !guard ? std::optional<SetStatement>()
                                 : SetStatement::Update(about_.name, keys, set, guard, std::move(types));
  };
  update_ = update(Sets::kAll, guarded_);
  if (has_seldom) update_often_ = update(Sets::kOften, guarded_);
  if (guarded_) update_unguarded_ = update(Sets::kAll, false);
  update_alone_ = update(Sets::kAlone, false);
  if constexpr (requires { typename Row::Prefix; }) {
    constexpr std::size_t kWidth = WidthOf<typename Row::Prefix>();
    std::string where, order;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i < kWidth) where.append(i == 0 ? " WHERE " : " AND ").append(keys[i]).append(" = ?");
      if (i >= kWidth) order.append(i == kWidth ? " ORDER BY " : ", ").append(keys[i]);
    }
    const std::vector<Type> prefix(key_types.begin(), key_types.begin() + kWidth);
    for (std::size_t i = 0; i < first_.size(); ++i)
      first_[i] = SetStatement::SelectEach(
          select_ + where + order + (i < kReachRows.size() ? " LIMIT " + std::to_string(kReachRows[i]) : ""), prefix);
  }
}

}  // namespace loyalty::storage
