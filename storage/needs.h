// What commands need to know before they can be decided. The same few calls collect it, check that it is there, and
// note what was decided on: a command says once what it depends on.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "storage/working_set.h"

namespace loyalty::storage {

// What is wanted of one table.
template <typename Row>
struct Wanted {
  std::set<typename Row::Key> names, roots, rows;
  std::map<typename PrefixOf<Row>::type, Reach> first;

  bool empty() const { return names.empty() && roots.empty() && rows.empty() && first.empty(); }
  void ReadNames(WorkingSet& set, Exchange& exchange) const;
  void ReadRoots(WorkingSet& set, Exchange& exchange, Way way) const;
  bool Held(const WorkingSet& set) const;
  void ReadRows(WorkingSet& set, Exchange& exchange) const;
};

class Needs {
 public:
  enum class Mode : std::uint8_t {
    kCollect,  // what is not known yet
    kCheck,    // whether all is known, and the roots held
    kList,     // everything that is named, known or not
    kMeet,     // whether anything is named that another list holds
    kDecide,   // notes the roots as decided on
    kHash,     // a number that is the same for the same first name
  };

  Needs(Mode mode, WorkingSet& set) : mode_(mode), set_(set) {
    if (mode == Mode::kCollect || mode == Mode::kList) wanted_ = std::make_unique<AllRows::Tuple<Wanted>>();
  }
  // kMeet.
  Needs(WorkingSet& set, const Needs& list) : mode_(Mode::kMeet), set_(set), list_(&list) {}

  // A name, read plainly before anything is locked: it leads to a root.
  template <typename Row>
  void Name(const typename Row::Key& key) {
    // A key of several columns has no hash: then the router goes by what the name leads to.
    if constexpr (requires { std::hash<typename Row::Key>()(key); })
      if (mode_ == Mode::kHash && name_hash_ == 0) name_hash_ = std::hash<typename Row::Key>()(key);
    if (mode_ == Mode::kList) Of<Row>().names.insert(key);
    if (mode_ == Mode::kMeet) met_ = met_ || list_->Of<Row>().names.contains(key);
    if (mode_ != Mode::kCollect && mode_ != Mode::kCheck) return;
    if (set_.of<Row>().Knows(key)) return;
    complete_ = false;
    if (mode_ == Mode::kCollect) Of<Row>().names.insert(key);
  }

  // A row that others can reach too: locked, and written with its version raised when the decision stands.
  template <typename Row>
  void Root(const typename Row::Key& key) {
    if (mode_ == Mode::kList) Of<Row>().roots.insert(key);
    if (mode_ == Mode::kMeet) met_ = met_ || list_->Of<Row>().roots.contains(key);
    if (mode_ == Mode::kDecide && set_.Find<Row>(key) != nullptr) set_.of<Row>().Decide(key);
    if (mode_ != Mode::kCollect && mode_ != Mode::kCheck) return;
    if (set_.of<Row>().Holds(key)) return;
    complete_ = false;
    if (mode_ == Mode::kCollect) Of<Row>().roots.insert(key);
  }

  // A row that hangs on a root, or that a unique key guards.
  template <typename Row>
  void Below(const typename Row::Key& key) {
    if (mode_ == Mode::kList) Of<Row>().rows.insert(key);
    if (mode_ == Mode::kMeet) met_ = met_ || list_->Of<Row>().rows.contains(key);
    if (mode_ != Mode::kCollect && mode_ != Mode::kCheck) return;
    if (set_.of<Row>().Knows(key)) return;
    complete_ = false;
    if (mode_ == Mode::kCollect) Of<Row>().rows.insert(key);
  }

  // The first rows below a prefix.
  template <typename Row>
  void First(const typename Row::Prefix& prefix, Reach reach) {
    if (mode_ != Mode::kCollect && mode_ != Mode::kCheck) return;
    if (set_.of<Row>().Reaches(prefix, reach)) return;
    complete_ = false;
    if (mode_ != Mode::kCollect) return;
    const auto [at, fresh] = Of<Row>().first.try_emplace(prefix, reach);
    if (!fresh) at->second = std::max(at->second, reach);
  }

  // The same for what is only shown: it is read along, and nobody waits for it. What an earlier command of the batch
  // has taken of it is not read anew.
  template <typename Row>
  void Wish(const typename Row::Prefix& prefix, Reach reach) {
    if (mode_ == Mode::kCollect) First<Row>(prefix, reach);
  }

  // What the decision will make, so that it is handed in: ids beside the first, public names, a member's secret.
  void NewId() { ++new_ids_; }
  void NewName() { ++new_names_; }
  void NewSecret() { new_secret_ = true; }
  int new_ids() const { return new_ids_; }
  int new_names() const { return new_names_; }
  bool new_secret() const { return new_secret_; }

  // Whether a Wish is heard.
  bool collects() const { return mode_ == Mode::kCollect; }
  bool complete() const { return complete_; }
  bool met() const { return met_; }
  std::size_t name_hash() const { return name_hash_; }  // 0: no name

  // Add what was collected to an exchange.
  void ReadNames(WorkingSet& set, Exchange& exchange) const;
  void ReadRoots(WorkingSet& set, Exchange& exchange, Way way) const;
  void ReadRows(WorkingSet& set, Exchange& exchange) const;

  // Whether all roots that were collected are held now.
  bool Held(const WorkingSet& set) const;

 private:
  template <typename Row>
  Wanted<Row>& Of() {
    return std::get<Wanted<Row>>(*wanted_);
  }
  template <typename Row>
  const Wanted<Row>& Of() const {
    return std::get<Wanted<Row>>(*wanted_);
  }

  Mode mode_;
  WorkingSet& set_;
  const Needs* list_ = nullptr;
  bool complete_ = true;
  bool met_ = false;
  std::size_t name_hash_ = 0;
  int new_ids_ = 0, new_names_ = 0;
  bool new_secret_ = false;
  std::unique_ptr<AllRows::Tuple<Wanted>> wanted_;  // where something is collected
};

}  // namespace loyalty::storage
