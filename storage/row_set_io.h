// How rows come and go; for working_set.cc alone, which makes these functions for all tables.
#pragma once

#include "storage/guards.h"
#include "storage/row_set.h"

namespace loyalty::storage {

template <typename Row>
void RowSet<Row>::Read(Exchange& exchange, const std::set<Key>& keys, Way way) {
  if (keys.empty()) return;
  const Table<Row>& table = Row::table();
  Rows rows(WidthOf<Key>());
  if (way == Way::kTryLock && TheGuards().member_lock) return TryLock(exchange, keys);
  for (const Key& key : keys) {
    Tracked<Row>& tracked = rows_[key];
    tracked.before.reset();
    tracked.now.reset();
    tracked.named = tracked.named || way == Way::kName;
    tracked.locked = tracked.locked || (way != Way::kName && way != Way::kBelow);
    AddKey(rows, key);
  }
  const bool locks = way == Way::kLock && TheGuards().member_lock;
  exchange.ReadRows(locks ? table.Lock() : table.ByKey(), std::move(rows), table.types(),
                    [this, &table](const ResultRow& from) {
                      if (from.IsNull(0)) return;  // an unused place of a view
                      Row row = table.Of(from);
                      Tracked<Row>& tracked = rows_[row.key()];
                      tracked.before = row;
                      tracked.now = std::move(row);
                    });
}

// A row that does not come is held by somebody else, or is not there: which of the two, nobody knows. So the set knows
// no more of it than before.
template <typename Row>
void RowSet<Row>::TryLock(Exchange& exchange, const std::set<Key>& keys) {
  const Table<Row>& table = Row::table();
  Rows rows(WidthOf<Key>());
  for (const Key& key : keys) {
    if (!TheGuards().held_is_unknown) rows_[key].locked = true;
    if (const auto at = rows_.find(key); at != rows_.end()) at->second.tried = true;
    AddKey(rows, key);
  }
  exchange.ReadRows(table.TryLock(), std::move(rows), table.types(), [this, &table](const ResultRow& from) {
    Row row = table.Of(from);
    Tracked<Row>& tracked = rows_[row.key()];
    tracked.locked = true;
    tracked.before = row;
    tracked.now = std::move(row);
  });
}

template <typename Row>
void RowSet<Row>::ReadNamesAgain(Exchange& exchange) {
  std::set<Key> keys;
  for (const auto& [key, tracked] : rows_)
    if (tracked.named && !tracked.locked && !tracked.tried) keys.insert(key);
  Read(exchange, keys, Way::kName);
}

template <typename Row>
void RowSet<Row>::ReadFirst(Exchange& exchange, const std::map<Prefix, Reach>& prefixes) {
  if constexpr (requires { typename Row::Prefix; }) {
    const Table<Row>& table = Row::table();
    for (const Reach reach : kReaches) {
      Rows rows(WidthOf<Prefix>());
      for (const auto& [prefix, wanted] : prefixes) {
        if (wanted != reach) continue;
        AddKey(rows, prefix);
        Reached& reached = reaches_[prefix];
        reached = {.reach = reach, .whole = true};
      }
      exchange.ReadRows(
          table.First(reach), std::move(rows), table.types(), [this, &table, reach](const ResultRow& from) {
            Row row = table.Of(from);
            const Key key = row.key();
            Reached& reached = reaches_[HeadOf<Prefix>(key)];
            reached.last = std::max(reached.last, key);
            reached.whole = reach == Reach::kAll || ++reached.rows < kReachRows[static_cast<std::size_t>(reach)];
            // What the batch has of it already is the newer state.
            const auto [at, fresh] = rows_.try_emplace(key);
            if (!fresh) return;
            at->second.before = row;
            at->second.now = std::move(row);
          });
    }
  }
}

template <typename Row>
bool RowSet<Row>::ChangesSeldom() const {
  for (const auto& [key, tracked] : rows_)
    if (tracked.before && tracked.now && Row::table().DifferSeldom(*tracked.before, *tracked.now)) return true;
  return false;
}

// Seals a row that is new, or of which something that is sealed has changed: most sales change nothing of the kind.
template <typename Row>
void RowSet<Row>::Seal(Tracked<Row>& tracked, const ProgramKeys& keys) {
  const Table<Row>& table = Row::table();
  const bool is_new = !tracked.before;
  if constexpr (requires(Row row) { row.sealed_with; }) {
    // A row that was read without what belongs to it keeps its seal: nothing that is sealed has changed.
    const bool sealed_already = is_new && !tracked.now->seal.empty();
    if ((is_new || !tracked.now->sealed_with.empty()) && !sealed_already)
      tracked.now->seal = table.SealOf(*tracked.now, tracked.now->sealed_with, keys.current);
  } else if constexpr (requires(Row row) { row.seal; }) {
    if (is_new ? tracked.now->seal.empty() : table.SealDiffers(*tracked.before, *tracked.now))
      tracked.now->seal = table.SealOf(*tracked.now, {}, keys.current);
  }
}

template <typename Row>
void RowSet<Row>::Flush(Exchange& exchange, const ProgramKeys& keys) {
  const Table<Row>& table = Row::table();
  if (table.rank() == Rank::kNone) return;  // names are only read
  const bool guard = TheGuards().member_version;
  for (auto& [key, tracked] : rows_)
    if (tracked.now) Seal(tracked, keys);
  const Sets sets = ChangesSeldom() ? Sets::kAll : Sets::kOften;  // the seal is one of these columns
  Rows inserts(table.columns().size()), deletes(WidthOf<Key>());
  Rows updates(table.has_update() ? table.Update(sets, guard).types().size() : 1);
  Rows alone(table.has_alone() ? table.Update(Sets::kAlone).types().size() : 1);
  // Nearly all rows of a table are either new or not.
  if (!rows_.empty()) (rows_.begin()->second.before ? updates : inserts).Reserve(rows_.size());
  for (auto& [key, tracked] : rows_) {
    if (!tracked.now) {
      if (tracked.before) AddKey(deletes, key);
      continue;
    }
    if (!tracked.before) {
      table.AddInsert(inserts, *tracked.now);
      continue;
    }
    const bool seldom = table.has_alone() && table.Differ(*tracked.before, *tracked.now, Sets::kAlone);
    const bool plain = seldom || tracked.decided || table.Differ(*tracked.before, *tracked.now, Sets::kAll);
    if (plain && table.has_update()) table.AddUpdate(updates, *tracked.now, sets, guard);
    if (seldom) table.AddUpdate(alone, *tracked.now, Sets::kAlone);
  }
  constexpr const char* kChanged = "a row changed since it was read";
  exchange.WriteEach(table.Delete(), std::move(deletes), kChanged);
  exchange.Write(table.Insert(), std::move(inserts));
  if (table.has_update()) exchange.WriteEach(table.Update(sets, guard), std::move(updates), kChanged);
  if (table.has_alone()) exchange.WriteEach(table.Update(Sets::kAlone), std::move(alone), kChanged);
}

}  // namespace loyalty::storage
