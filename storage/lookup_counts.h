// Reads of lookup_counts by hand. They throw Failure.
#pragma once

#include <vector>

#include "storage/session.h"
#include "storage/tables/lookups.h"

namespace loyalty::storage {

// Of all servers, of slots that begin at `from` or later.
std::vector<LookupCountRow> ReadLookupCounts(Session& session, Instant from);
// Of all servers, of slots that begin earlier, at most `limit`.
std::vector<LookupCountRow> ReadOldLookupCounts(Session& session, Instant before, int limit);

}  // namespace loyalty::storage
