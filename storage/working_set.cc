#include "storage/working_set.h"

#include <algorithm>

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

Attempt::Attempt(WorkingSet& set) : set_(set) {
  std::apply([](auto&... sets) { (sets.Begin(), ...); }, set_.sets_);
}

Attempt::~Attempt() {
  std::apply([this](auto&... sets) { ((kept_ ? sets.Keep() : sets.Undo()), ...); }, set_.sets_);
}

void Needs::ReadNames(WorkingSet& set, Exchange& exchange) const {
  std::apply([&](const auto&... wanted) { (wanted.ReadNames(set, exchange), ...); }, *wanted_);
}

void Needs::ReadRoots(WorkingSet& set, Exchange& exchange, Way way) const {
  std::apply([&](const auto&... wanted) { (wanted.ReadRoots(set, exchange, way), ...); }, *wanted_);
}

bool Needs::Held(const WorkingSet& set) const {
  return std::apply([&](const auto&... wanted) { return (wanted.Held(set) && ...); }, *wanted_);
}

void Needs::ReadRows(WorkingSet& set, Exchange& exchange) const {
  std::apply([&](const auto&... wanted) { (wanted.ReadRows(set, exchange), ...); }, *wanted_);
}

template <typename Row>
void Wanted<Row>::ReadNames(WorkingSet& set, Exchange& exchange) const {
  set.of<Row>().Read(exchange, names, Way::kName);
}

template <typename Row>
void Wanted<Row>::ReadRoots(WorkingSet& set, Exchange& exchange, Way way) const {
  set.of<Row>().Read(exchange, roots, way);
}

template <typename Row>
bool Wanted<Row>::Held(const WorkingSet& set) const {
  return std::all_of(roots.begin(), roots.end(), [&](const auto& key) { return set.of<Row>().Holds(key); });
}

template <typename Row>
void Wanted<Row>::ReadRows(WorkingSet& set, Exchange& exchange) const {
  set.of<Row>().Read(exchange, rows, Way::kBelow);
  set.of<Row>().ReadFirst(exchange, first);
}

}  // namespace loyalty::storage
