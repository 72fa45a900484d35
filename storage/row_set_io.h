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
  for (const Key& key : keys) {
    Tracked<Row>& tracked = rows_[key];
    tracked.before.reset();
    tracked.now.reset();
    tracked.named = tracked.named || way == Way::kName;
    tracked.locked = tracked.locked || way == Way::kLock || way == Way::kSnapshot;
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

template <typename Row>
void RowSet<Row>::ReadNamesAgain(Exchange& exchange) {
  std::set<Key> keys;
  for (const auto& [key, tracked] : rows_)
    if (tracked.named && !tracked.locked) keys.insert(key);
  Read(exchange, keys, Way::kName);
}

template <typename Row>
void RowSet<Row>::ReadFirst(Exchange& exchange, const std::map<Prefix, Reach>& prefixes) {
  if constexpr (requires { typename Row::Prefix; }) {
    const Table<Row>& table = Row::table();
    for (const Reach reach : {Reach::kFirst, Reach::kMore, Reach::kAll}) {
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
void RowSet<Row>::Flush(Exchange& exchange, const ProgramKeys& keys) {
  const Table<Row>& table = Row::table();
  if (table.rank() == Rank::kNone) return;  // names are only read
  Rows inserts(table.columns().size()), deletes(WidthOf<Key>());
  const bool guard = TheGuards().member_version;
  Rows updates(table.has_update() ? table.Update(guard).types().size() : 1);
  Rows alone(table.has_alone() ? table.UpdateAlone().types().size() : 1);
  // Nearly all rows of a table are either new or not.
  if (!rows_.empty()) (rows_.begin()->second.before ? updates : inserts).Reserve(rows_.size());
  for (auto& [key, tracked] : rows_) {
    if (!tracked.now) {
      if (tracked.before) AddKey(deletes, key);
      continue;
    }
    const bool is_new = !tracked.before;
    const bool plain = !is_new && (tracked.decided || table.Differ(*tracked.before, *tracked.now, false));
    const bool seldom = !is_new && table.has_alone() && table.Differ(*tracked.before, *tracked.now, true);
    if constexpr (requires(Row row) { row.sealed_with; }) {
      // A row that was read without what belongs to it keeps its seal: nothing that is sealed has changed.
      const bool sealed_already = is_new && !tracked.now->seal.empty();
      if ((is_new || !tracked.now->sealed_with.empty()) && !sealed_already)
        tracked.now->seal = table.SealOf(*tracked.now, tracked.now->sealed_with, keys);
    } else if constexpr (requires(Row row) { row.seal; }) {
      // Most sales change nothing of a member that is sealed.
      if (is_new ? tracked.now->seal.empty() : table.SealDiffers(*tracked.before, *tracked.now))
        tracked.now->seal = table.SealOf(*tracked.now, {}, keys);
    }
    if (is_new) table.AddInsert(inserts, *tracked.now);
    if ((plain || seldom) && table.has_update()) table.AddUpdate(updates, *tracked.now, false, guard);
    if (seldom) table.AddUpdate(alone, *tracked.now, true, false);
  }
  constexpr const char* kChanged = "a row changed since it was read";
  exchange.WriteEach(table.Delete(), std::move(deletes), kChanged);
  exchange.Write(table.Insert(), std::move(inserts));
  if (table.has_update()) exchange.WriteEach(table.Update(guard), std::move(updates), kChanged);
  if (table.has_alone()) exchange.WriteEach(table.UpdateAlone(), std::move(alone), kChanged);
}

}  // namespace loyalty::storage
