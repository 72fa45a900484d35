// The log of moves between stages.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/time.h"
#include "retention/transition.h"
#include "storage/session.h"

namespace loyalty::storage {

struct TransitionRow {
  std::int64_t member_id = 0;
  std::int64_t seq = 0;  // from 1 for each member
  retention::Transition transition;
  std::int64_t receipt_id = 0;  // 0: no receipt did it
  std::int64_t run_id = 0;      // the run that measured
  Instant create_time = 0;
  std::int64_t position = 0;  // 0: not numbered yet
};

const SetStatement& InsertTransitions();
void AddTransition(Rows& rows, const TransitionRow& row);

// Rows with a day in [from, until], by (day, member, seq), after that position in this order; at most `limit`. These
// and those below throw Failure.
struct TransitionKey {
  retention::Day day = 0;
  std::int64_t member_id = 0;
  std::int64_t seq = 0;
};
std::vector<TransitionRow> ReadTransitions(Session& session, const TransitionKey& after, retention::Day until,
                                           int limit);

// Numbered rows after a position, in order.
std::vector<TransitionRow> ReadTransitionsAfter(Session& session, std::int64_t position, int limit);
std::int64_t LastTransitionPosition(Session& session);
bool HasUnnumberedTransitions(Session& session);
// Numbers up to `limit` rows, without a gap. Inside a transaction that nobody else is in (a lease is held).
void NumberTransitions(Session& session, int limit);

}  // namespace loyalty::storage
