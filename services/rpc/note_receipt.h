// Which stores sell, and what of their sales has no effect: told of each receipt once it is recorded.
#pragma once

#include <cstdint>

#include "services/commands/command.h"
#include "services/queue/deps.h"

namespace loyalty {

// The store whose receipt this command records; 0: it records none, or of no store.
std::int64_t StoreOfReceipt(const Command& command);

// Tells Deps::on_receipt and on_rejected, unless the answer (to a scan) was given before. `store_id` may be 0.
void NoteReceipt(const Deps& deps, std::int64_t store_id, const Answer& answer);

}  // namespace loyalty
