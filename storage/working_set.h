// Everything a batch works on: the rows of all tables that its commands have to do with, as they were and as they are
// to be. Outcomes are registered at once, so that a later command of the batch sees them.
#pragma once

#include <tuple>

#include "storage/row_set.h"
#include "storage/tables.h"

namespace loyalty::storage {

class WorkingSet {
 public:
  template <typename Row>
  RowSet<Row>& of() {
    return std::get<RowSet<Row>>(sets_);
  }
  template <typename Row>
  const RowSet<Row>& of() const {
    return std::get<RowSet<Row>>(sets_);
  }
  template <typename Row>
  const Row* Find(const typename Row::Key& key) const {
    return of<Row>().Find(key);
  }
  template <typename Row>
  Row* Find(const typename Row::Key& key) {
    return of<Row>().Find(key);
  }
  template <typename Row>
  Row& Put(Row row) {
    return of<Row>().Put(std::move(row));
  }

  // Reads again all names, in an exchange: they may have moved before what they lead to was locked.
  void ReadNamesAgain(Exchange& exchange);

  // Takes over what another set has read as names.
  void AdoptNames(const WorkingSet& other);

  // Writes every row that changed, once, in its final state: table by table in the order of their ranks. Sends one
  // message on MariaDB. Throws Failure; kConflict when a row that was read is not there any more, or not as it was.
  void Flush(Session& session, const ProgramKeys& keys);

 private:
  friend class Attempt;
  AllRows::Tuple<RowSet> sets_;
};

// What is done to a set while it lives is undone when it ends, unless it was kept: a refusal leaves nothing behind,
// whatever a decision wrote before it refused.
class Attempt {
 public:
  explicit Attempt(WorkingSet& set);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  void Keep() { kept_ = true; }

 private:
  WorkingSet& set_;
  bool kept_ = false;
};

}  // namespace loyalty::storage
