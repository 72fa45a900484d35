// Which stores sell: told of each receipt once it is recorded.
#pragma once

#include <cstdint>
#include <variant>

#include "services/commands/command.h"
#include "services/queue/deps.h"

namespace loyalty {

// The store whose receipt this command records; 0: it records none, or of no store.
inline std::int64_t StoreOfReceipt(const Command& command) {
  const auto* scan = std::get_if<Scan>(&command.payload);
  return scan == nullptr || !scan->receipt || command.only_decide ? 0 : scan->place.store_id;
}

// Tells Deps::on_receipt, unless the answer was given before. `store_id` may be 0.
inline void NoteReceipt(const Deps& deps, std::int64_t store_id, const Answer& answer) {
  if (store_id != 0 && !answer.replayed && !answer.only_decided && deps.on_receipt) deps.on_receipt(store_id);
}

}  // namespace loyalty
