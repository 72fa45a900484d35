// Brings together what a batch of commands needs to know.
#pragma once

#include <vector>

#include "services/batch/run_batch.h"
#include "storage/working_set.h"

namespace loyalty {

// Resolves what the commands name, locks the members they are about, and loads the rest in the global order of locks;
// settles what time has made due. Call inside the batch's transaction. Throws storage::Failure; kConflict when a key
// moved to another member between resolution and lock.
void LoadBatch(BatchContext& context, const std::vector<const Command*>& commands, storage::WorkingSet& set);

}  // namespace loyalty
