// The program's generation: raised by every change to what servers keep in their snapshot.
#pragma once

#include "storage/session.h"

namespace loyalty::storage {

// Locks the program's row: changes to the snapshot follow each other. Inside a transaction. Throws Failure.
void LockProgram(Session& session);
// Raises the generation. Inside the same transaction. Throws Failure.
void RaiseGeneration(Session& session);

}  // namespace loyalty::storage
