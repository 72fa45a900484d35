// The second person of a request: proven before it is queued, and no part of what is queued but for the name.
#pragma once

#include <functional>

#include "loyalty/v1/operator.pb.h"
#include "services/commands/operators.h"
#include "services/commands/place.h"
#include "services/rpc/call.h"

namespace loyalty {

// Calls `then` with who approves, nobody where nobody was named; an error that it returns ends the call. Behind a
// terminal's key a supervisor of its store, by number and PIN (`approval`; nullptr: none came); behind any other key
// another principal, clerk or administrator, by its key (metadata approval-key). Errors: kInvalidArgument (approval),
// kApproverNotAllowed (it is who is signed on or who asks, or may not approve), those of CheckPin.
Status WithApprover(Call& call, const v1::Approval* approval, const AtTill& at_till, const Place& place,
                    std::function<Status(Approver approver)> then);

}  // namespace loyalty
