// Admin changes: checked and written in the transaction of a batch, with a row of audit each.
#pragma once

#include <functional>
#include <string>

#include "services/rpc/call.h"
#include "storage/administration.h"

namespace loyalty {

// What a change sees of its transaction.
struct AdminStep {
  storage::Session& session;
  storage::IdBlock& ids;
  Instant now;
};

// What a change came to: the bytes to store as its result, and its audit. An empty action: nothing was changed.
struct AdminOutcome {
  std::string result;
  std::string action;    // for instance store.create
  std::string resource;  // the name of what was changed
  std::string detail;    // names of fields; may be empty
};

// Runs `change` under the lock that all admin changes share. It takes at most two ids from the block, audit included.
template <typename Request>
Command AdminCommandFor(const Call& call, const Request& request,
                        std::function<Result<AdminOutcome>(const AdminStep& step)> change) {
  Command command = CommandFor(call, call.method(), request);
  const std::int64_t token_id = call.caller.token_id;
  command.payload =
      AdminCommand{[change = std::move(change), request_id = request.request_id(), token_id](
                       storage::Session& session, storage::IdBlock& ids, Instant now) -> Result<std::string> {
        auto outcome = change({session, ids, now});
        if (!outcome) return outcome.error();
        if (!outcome->action.empty())
          storage::InsertAudit(
              session, {ids.Take(), token_id, outcome->action, outcome->resource, request_id, outcome->detail}, now);
        return std::move(outcome->result);
      }};
  return command;
}

}  // namespace loyalty
