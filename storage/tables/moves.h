// Visits, and the moves of members between stages.
#pragma once

#include <tuple>

#include "domain/time.h"
#include "retention/transition.h"
#include "storage/table.h"

namespace loyalty::storage {

// A scan without a receipt: one for each member, store and business day.
struct VisitRow {
  using Key = std::tuple<std::int64_t, std::int64_t, Day>;
  Key key() const { return {member_id, store_id, business_date}; }
  static const Table<VisitRow>& table();

  std::int64_t member_id = 0;
  std::int64_t store_id = 0;
  Day business_date = 0;
  Instant create_time = 0;
};

struct TransitionRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {member_id, seq}; }
  static const Table<TransitionRow>& table();

  std::int64_t member_id = 0;
  std::int64_t seq = 0;  // from 1 for each member
  retention::Transition transition;
  std::int64_t receipt_id = 0;  // 0: no receipt did it
  std::int64_t run_id = 0;      // the run that measured
  Instant create_time = 0;
  std::int64_t position = 0;  // 0: not numbered yet
  Bytes seal;
};

}  // namespace loyalty::storage
