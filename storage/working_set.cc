#include "storage/working_set.h"

#include "storage/needs.h"
#include "storage/row_set_io.h"

namespace loyalty::storage {

void WorkingSet::ReadNamesAgain(Exchange& exchange) {
  std::apply([&](auto&... sets) { (sets.ReadNamesAgain(exchange), ...); }, sets_);
}

void WorkingSet::AdoptNames(const WorkingSet& other) {
  std::apply([&](auto&... sets) { (sets.AdoptNames(std::get<std::decay_t<decltype(sets)>>(other.sets_)), ...); },
             sets_);
}

void WorkingSet::Flush(Session& session, const ProgramKeys& keys) {
  Exchange exchange(session);
  std::apply([&](auto&... sets) { (sets.Flush(exchange, keys), ...); }, sets_);
  exchange.Run();
}

void Needs::ReadNames(WorkingSet& set, Exchange& exchange) const {
  std::apply([&](const auto&... wanted) { (wanted.ReadNames(set, exchange), ...); }, *wanted_);
}

void Needs::LockRoots(WorkingSet& set, Exchange& exchange, bool lock) const {
  std::apply([&](const auto&... wanted) { (wanted.LockRoots(set, exchange, lock), ...); }, *wanted_);
}

void Needs::ReadRows(WorkingSet& set, Exchange& exchange) const {
  std::apply([&](const auto&... wanted) { (wanted.ReadRows(set, exchange), ...); }, *wanted_);
}

template <typename Row>
void Wanted<Row>::ReadNames(WorkingSet& set, Exchange& exchange) const {
  set.of<Row>().Read(exchange, names, Way::kName);
}

template <typename Row>
void Wanted<Row>::LockRoots(WorkingSet& set, Exchange& exchange, bool lock) const {
  set.of<Row>().Read(exchange, roots, lock ? Way::kLock : Way::kSnapshot);
}

template <typename Row>
void Wanted<Row>::ReadRows(WorkingSet& set, Exchange& exchange) const {
  set.of<Row>().Read(exchange, rows, Way::kBelow);
  set.of<Row>().ReadFirst(exchange, first);
}

}  // namespace loyalty::storage
