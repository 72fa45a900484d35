// A member as storage keeps it, for tests of what changes its statistics.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <vector>

#include "retention/returns.h"
#include "retention/summary.h"

namespace loyalty::retention {

// For counterexamples.
std::ostream& operator<<(std::ostream& os, const MemberSummary& summary);

}  // namespace loyalty::retention

namespace loyalty::test {

struct Sale {
  retention::Day day;
  std::int64_t amount;
  std::int64_t discount;
};
std::ostream& operator<<(std::ostream& os, const Sale& sale);

// Days close together, so that many fall on the same one, and now and then one far away.
rc::Gen<std::vector<Sale>> AnySales();

// The summary and its day rows.
struct StoredMember {
  retention::MemberSummary summary;
  std::map<retention::Day, retention::MemberDay> days;

  std::optional<retention::MemberDay> Stored(retention::Day day) const;
  // Purchase days only: a row without receipts is none.
  retention::NeighbourDays NeighbourDaysOf(retention::Day day) const;
  retention::DayNeighbours NeighboursOf(retention::Day day) const;

  // Neighbours are given only when they are asked for, as by storage.
  void Add(const Sale& sale);
  // From a receipt of that day.
  void Reverse(retention::Day day, const retention::Reversal& reversal);

  retention::MemberSummary FromScratch() const;
};

// The definition, word by word, from the sales themselves.
retention::MemberSummary Define(const std::vector<Sale>& sales);

}  // namespace loyalty::test
