// Operators as messages show them.
#pragma once

#include "loyalty/v1/operator.pb.h"
#include "storage/tables/operators.h"

namespace loyalty {

// Without display name, which no stored answer has, and without store, whose name the row does not know.
v1::Operator OperatorMessage(const storage::OperatorRow& row, Instant now);

}  // namespace loyalty
