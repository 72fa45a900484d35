// Admin changes: checked and written in the transaction of a batch, with a row of audit each
// (services/commands/admin.h).
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "services/rpc/call.h"
#include "storage/administration.h"

namespace loyalty {

// The result of a change.
template <typename Message>
ResultMessage Made(Message message) {
  return std::make_shared<const Message>(std::move(message));
}

// Runs `change` under the lock that all admin changes share.
template <typename Request>
Command AdminCommandFor(const Call& call, const Request& request,
                        std::function<Result<AdminOutcome>(const AdminStep& step)> change) {
  Command command = CommandFor(call, call.method(), request);
  command.payload = Admin{std::move(change)};
  return command;
}

}  // namespace loyalty
