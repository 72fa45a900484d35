// Which secrets the rows of a database were made with: every server of it must have all of them, and no other one under
// the same id.
#pragma once

#include "domain/keys.h"
#include "domain/result.h"
#include "domain/time.h"
#include "storage/session.h"

namespace loyalty::storage {

// Errors: kInternal, for people: one that the database knows is not among them or is another one; a new one has a lower
// id than those that are known. Throws Failure.
Status CheckSecrets(Session& session, const Secrets& secrets);

// Notes those that are new, so that no server without them starts any more. A repeat, here or on another server, is
// safe. Errors and failures as above.
Status NoteSecrets(Session& session, const Secrets& secrets, Instant now);

}  // namespace loyalty::storage
