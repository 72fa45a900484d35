// Reads what a snapshot holds, as far as this server understands it.
#pragma once

#include <memory>

#include "services/catalogue/snapshot.h"

namespace loyalty {

// A snapshot of now. What cannot change is taken from `known`, which may be empty: versions of the catalogue, the
// measure. What this server cannot read - a time zone that is not on its machine, a field that a newer server wrote -
// is left out and told in `problems`. Throws storage::Failure: the database is away, or there is no program in it.
std::shared_ptr<const Snapshot> ReadSnapshot(storage::Session& session, const Snapshot* known, Instant now);

}  // namespace loyalty
