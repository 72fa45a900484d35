// What an answer may look like, whatever the request was.
#pragma once

#include <string>

#include "tests/fuzz/changes.h"
#include "tests/fuzz/handlers.h"

namespace loyalty::fuzz {

// What is wrong with how a call was refused; nothing when a documented code travels with exactly one reason.
std::string FaultOfStatus(const google::rpc::Status& status);

// The reason of a refusal and the field it names, "INVALID_ARGUMENT store_id"; "OK" when it is none.
std::string OutcomeOf(const google::rpc::Status& status);

// The first table with changes that a call which changes nothing may not leave behind; nothing when there is none.
// `settled`: time has passed, so that points may have become available or expired on the occasion.
std::string TraceIn(const RowsChanged& changes, bool settled);

}  // namespace loyalty::fuzz
