// Reads of operators and their sessions. They throw Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/session.h"
#include "storage/tables/operators.h"

namespace loyalty::storage {

std::optional<OperatorRow> FindOperator(Session& session, std::int64_t id);
// At most `limit` of a store with ids after `after`, by id.
std::vector<OperatorRow> ReadOperatorsAfter(Session& session, std::int64_t store_id, std::int64_t after, int limit);

// The last sessions of an operator, one for each terminal; and those at a terminal, one for each operator.
std::vector<OperatorSessionRow> ReadSessionsOf(Session& session, std::int64_t operator_id);
std::vector<OperatorSessionRow> ReadSessionsAt(Session& session, std::int64_t terminal_id);

}  // namespace loyalty::storage
