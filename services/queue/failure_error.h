// What a caller learns of a failure of the database or of ours.
#pragma once

#include <string_view>

#include "domain/result.h"
#include "storage/failure.h"

namespace loyalty {

// kUnavailable (the server is away or full), kContention, else kInternal.
Error ErrorOf(const storage::Failure& failure);

// kInternal with an id that also stands in the log, so that a caller's report finds its line.
Error InternalError(std::string_view what);

// An error of the write path as its caller may see it: what is internal goes to the log, and the caller gets its id.
Error ForCaller(Error error);

}  // namespace loyalty
