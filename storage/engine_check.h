// Whether this database keeps what it says it has kept, and speaks the dialect we rely on.
#pragma once

#include <string>
#include <vector>

#include "storage/session.h"

namespace loyalty::storage {

// What is wrong with the server's or the session's settings, each with what to do about it; empty when all is well.
// An acknowledged commit must survive a power cut, and the session must run at the isolation and sql_mode it asked for
// (a proxy may have swallowed that). Throws Failure.
std::vector<std::string> EngineProblems(Session& session);

}  // namespace loyalty::storage
