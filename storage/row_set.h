// The rows of one table that a batch has to do with: what was read, what they are now, and what must be written.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "storage/exchange.h"
#include "storage/table.h"

namespace loyalty::storage {

// A row as it was stored and as it is to be. Insert, update or delete follows from the two; `decided` rows are written
// with their version raised even when nothing differs: on a cluster a row that was only read is not certified.
template <typename Row>
struct Tracked {
  std::optional<Row> before, now;
  bool named = false;   // read as a name, before anything was locked
  bool locked = false;  // read as a root, whether there was a row or not
  bool tried = false;   // a root whose lock is being tried
  bool decided = false;
};

// The first columns of a key.
template <typename Prefix, typename Key>
Prefix HeadOf(const Key& key) {
  if constexpr (IsTuple<Prefix>::value) {
    return [&key]<std::size_t... At>(std::index_sequence<At...>) { return Prefix(std::get<At>(key)...); }
    (std::make_index_sequence<std::tuple_size_v<Prefix>>());
  } else {
    return std::get<0>(key);
  }
}

template <typename Row>
struct PrefixOf {
  using type = std::monostate;
};
template <typename Row>
requires requires { typename Row::Prefix; }
struct PrefixOf<Row> {
  using type = typename Row::Prefix;
};

// How rows are read: as names, that lead to roots; as roots, locked, locked unless somebody else holds them, or (on a
// snapshot, where nothing moves) plainly; or as what hangs on roots.
enum class Way : std::uint8_t { kName, kLock, kTryLock, kSnapshot, kBelow };

template <typename Row>
class RowSet {
 public:
  using Key = typename Row::Key;
  using Prefix = typename PrefixOf<Row>::type;

  // --- what a batch knows ---

  // The row as it is now; nullptr: there is none, or nobody asked.
  const Row* Find(const Key& key) const {
    const auto at = rows_.find(key);
    return at == rows_.end() || !at->second.now ? nullptr : &*at->second.now;
  }
  Row* Find(const Key& key) {
    Note(key);
    return const_cast<Row*>(std::as_const(*this).Find(key));
  }

  // Whether it is known if there is such a row.
  bool Knows(const Key& key) const {
    if (rows_.contains(key)) return true;
    if constexpr (requires { typename Row::Prefix; }) {
      const auto at = reaches_.find(HeadOf<Prefix>(key));
      return at != reaches_.end() && (at->second.whole || key <= at->second.last);
    }
    return false;
  }
  // Whether nobody else can change it: locked, or made by this batch.
  bool Holds(const Key& key) const {
    const auto at = rows_.find(key);
    return at != rows_.end() && (at->second.locked || (!at->second.before && at->second.now));
  }

  // Whether this batch has made it.
  bool IsNew(const Key& key) const {
    const auto at = rows_.find(key);
    return at != rows_.end() && !at->second.before && at->second.now;
  }

  // Rows below a prefix, in the order of their keys: `take(row)`.
  template <typename Take>
  void Each(const Prefix& prefix, Take take) const {
    for (auto at = rows_.lower_bound(Probe{prefix}); at != rows_.end() && HeadOf<Prefix>(at->first) == prefix; ++at)
      if (at->second.now) take(*at->second.now);
  }
  // What has been read below a prefix reaches this far; no key: all of it, or nothing when `has_reach` is false.
  bool HasReach(const Prefix& prefix) const { return reaches_.contains(prefix); }
  std::optional<Key> LastOf(const Prefix& prefix) const {
    const auto at = reaches_.find(prefix);
    if (at == reaches_.end() || at->second.whole) return std::nullopt;
    return at->second.last;
  }
  // How far to read next; no answer: all of it is known.
  std::optional<Reach> NextReach(const Prefix& prefix) const {
    const auto at = reaches_.find(prefix);
    if (at == reaches_.end()) return Reach::kFirst;
    if (at->second.whole) return std::nullopt;
    return at->second.reach < Reach::kMore ? static_cast<Reach>(static_cast<int>(at->second.reach) + 1) : Reach::kAll;
  }
  bool Reaches(const Prefix& prefix, Reach reach) const {
    const auto at = reaches_.find(prefix);
    return at != reaches_.end() && (at->second.whole || at->second.reach >= reach);
  }

  // --- what a batch changes ---

  Row& Put(Row row) {
    Note(row.key());
    Tracked<Row>& tracked = rows_[row.key()];
    tracked.now = std::move(row);
    return *tracked.now;
  }
  // A row that was read by hand, under a lock that covers it.
  Row& Take(Row row) {
    Note(row.key(), true);
    Tracked<Row>& tracked = rows_[row.key()];
    tracked.before = row;
    tracked.now = std::move(row);
    return *tracked.now;
  }
  void Erase(const Key& key) {
    Note(key);
    rows_[key].now.reset();
  }
  // A row that this batch has put, as if it had not.
  void Forget(const Key& key) {
    Note(key, true);
    rows_.erase(key);
  }
  void Decide(const Key& key) {
    Note(key);
    rows_[key].decided = true;
  }
  // Nothing is stored below it: its owner is new.
  void OwnAll(const Prefix& prefix) {
    if (noting_ && !reaches_.contains(prefix)) owned_.push_back(prefix);
    reaches_[prefix].whole = true;
  }
  // Rows of this batch that are to be inserted, in the order of their keys, before they are.
  template <typename Take>
  void EachNew(Take take) {
    for (auto& [key, tracked] : rows_)
      if (!tracked.before && tracked.now) take(*tracked.now);
  }
  // What this batch has read or made, in the order of the keys: `take(before, now)`, a row as it was read and as it is;
  // nullptr: there was none, or there is none now.
  template <typename Take>
  void EachChange(Take take) const {
    for (const auto& [key, tracked] : rows_)
      take(tracked.before ? &*tracked.before : nullptr, tracked.now ? &*tracked.now : nullptr);
  }
  // Rows that are held, in the order of their keys.
  template <typename Take>
  void EachLocked(Take take) {
    for (auto& [key, tracked] : rows_)
      if (tracked.locked && tracked.now) take(*tracked.now);
  }

  // From Begin on it is noted how rows were before they could change; Undo sets them back, Keep leaves them as they
  // are. Reads from the database in between are not undone.
  void Begin() { noting_ = true; }
  void Keep();
  void Undo();

  // --- between batch and database ---

  // These add their statements to an exchange; the answers arrive when it runs.
  void Read(Exchange& exchange, const std::set<Key>& keys, Way way);
  void ReadNamesAgain(Exchange& exchange);  // those that are not being locked
  void ReadFirst(Exchange& exchange, const std::map<Prefix, Reach>& prefixes);
  void Flush(Exchange& exchange, const ProgramKeys& keys);
  // Takes over what another set has read as names.
  void AdoptNames(const RowSet& other) {
    for (const auto& [key, tracked] : other.rows_)
      if (tracked.named) rows_.try_emplace(key, tracked);
  }

 private:
  struct Probe {
    const Prefix& prefix;
  };
  struct Less {
    using is_transparent = void;
    bool operator()(const Key& a, const Key& b) const { return a < b; }
    bool operator()(const Key& a, const Probe& b) const { return HeadOf<Prefix>(a) < b.prefix; }
    bool operator()(const Probe& a, const Key& b) const { return a.prefix < HeadOf<Prefix>(b); }
  };
  struct Reached {
    Reach reach = Reach::kFirst;
    bool whole = false;
    Key last{};
    int rows = 0;
  };

  void TryLock(Exchange& exchange, const std::set<Key>& keys);

  // A row as it was; not `known`: the set had nothing of it.
  struct Before {
    Key key;
    bool known, whole;
    Tracked<Row> was;
  };
  // Before whatever may change a row. `whole`: also what was read of it, which else stays.
  void Note(const Key& key, bool whole = false);

  // Whether a row that is to be updated differs in something that changes seldom.
  bool ChangesSeldom() const;
  static void Seal(Tracked<Row>& tracked, const ProgramKeys& keys);

  std::map<Key, Tracked<Row>, Less> rows_;
  std::map<Prefix, Reached> reaches_;
  bool noting_ = false;
  std::vector<Before> notes_;  // in the order of the changes
  std::vector<Prefix> owned_;  // that had no reach before
};

template <typename Row>
void RowSet<Row>::Note(const Key& key, bool whole) {
  if (!noting_) return;
  // The same row again and again: the first note of it counts.
  if (!notes_.empty() && notes_.back().key == key && (notes_.back().whole || !whole)) return;
  Before& note = notes_.emplace_back(Before{key, false, whole, {}});
  const auto at = rows_.find(key);
  if (at == rows_.end()) return;
  note.known = true;
  if (whole) {
    note.was = at->second;
  } else {
    note.was.now = at->second.now;
    note.was.decided = at->second.decided;
  }
}

template <typename Row>
void RowSet<Row>::Keep() {
  noting_ = false;
  notes_.clear();
  owned_.clear();
}

template <typename Row>
void RowSet<Row>::Undo() {
  for (auto note = notes_.rbegin(); note != notes_.rend(); ++note) {
    if (!note->known) {
      rows_.erase(note->key);
    } else if (note->whole) {
      rows_[note->key] = std::move(note->was);
    } else {
      Tracked<Row>& tracked = rows_[note->key];
      tracked.now = std::move(note->was.now);
      tracked.decided = note->was.decided;
    }
  }
  for (const Prefix& prefix : owned_) reaches_.erase(prefix);
  Keep();
}

}  // namespace loyalty::storage
