// The log of moves between stages, read; and its positions.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/session.h"
#include "storage/tables/moves.h"

namespace loyalty::storage {

// Rows with a day in [from, until], by (day, member, seq), after that position in this order; at most `limit`. These
// and those below throw Failure.
struct TransitionKey {
  retention::Day day = 0;
  std::int64_t member_id = 0;
  std::int64_t seq = 0;
};
std::vector<TransitionRow> ReadTransitions(Session& session, const TransitionKey& after, retention::Day until,
                                           int limit);

// The same of one member.
std::vector<TransitionRow> ReadTransitionsOf(Session& session, std::int64_t member_id, const TransitionKey& after,
                                             retention::Day until, int limit);

// Numbered rows after a position, in order.
std::vector<TransitionRow> ReadTransitionsAfter(Session& session, std::int64_t position, int limit);
std::int64_t LastTransitionPosition(Session& session);
bool HasUnnumberedTransitions(Session& session);
// Rows that are to be numbered next, in order: their positions follow on the last one without a gap. Inside a
// transaction that nobody else is in (a lease is held).
std::vector<TransitionRow> ReadUnnumberedTransitions(Session& session, int limit);

}  // namespace loyalty::storage
