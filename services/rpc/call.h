// A call with one request and one answer. Its handler is a plain function over messages:
//
//   Status GetStore(Call& call, const v1::GetStoreRequest& request, v1::GetStoreResponse& response);
//
// An error it returns ends the call. Else it has seen to the end itself, by returning what one of the functions below
// returned; after that it may touch neither call nor messages.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "services/commands/command.h"
#include "services/rpc/wire.h"
#include "storage/session.h"

namespace loyalty {

// Who calls, when and what was in force then stand in its CallContext.
class Call : public Wire, public CallContext {
 public:
  using Wire::Wire;

  // The answer was given before: its trailing metadata says so.
  bool replayed = false;
  // Memory of a request that is large; 0: it is not.
  std::size_t request_bytes = 0;
};

// The response is filled.
Status FinishNow(Call& call);

// Runs `read(session)` on a reading thread; it fills the response. False: run it again soon.
Status StartRead(Call& call, std::function<Result<bool>(storage::Session& session)> read);

// The same for what takes long, alone on a thread for such reads.
Status StartLongRead(Call& call, std::function<Status(storage::Session& session)> read);

// The same for a read that stays in the log of whoever calls (read_log): answered when it is there. `read(session)`:
// the id of the member that was read.
Status StartNotedRead(Call& call, std::function<Result<std::optional<std::int64_t>>(storage::Session& session)> read);

// Decides a command on a reading thread, and writes nothing (Command::only_decide). `done` is called once.
void DecideSoon(const Deps& deps, std::shared_ptr<const Snapshot> snapshot, Command command, Done done);

// The result of an answer, made just now or stored.
template <typename Message>
void TakeResult(const Answer& answer, Message& out) {
  if (answer.result) {
    out.CopyFrom(*answer.result);
  } else {
    out.ParseFromString(answer.bytes);
  }
}

// Hands a command to the write path, or to a reading thread when it is only to be decided; `fill(answer)` fills the
// response before the call ends.
Status SubmitWrite(Call& call, Command command, std::function<void(const Answer& answer)> fill);

// Both: what `compute(session)` made of a long read goes to the write path.
Status StartLongWrite(Call& call, std::function<Result<Command>(storage::Session& session)> compute,
                      std::function<void(const Answer& answer)> fill);

// The parts of a command that are the same for every method; it is hashed as a request of `method`.
template <typename Request>
Command CommandFor(const CallContext& call, std::string_view method, const Request& request) {
  Command command;
  command.request_id = request.request_id();
  command.principal_id = call.caller.principal_id;
  command.payload_hash = PayloadHash(method, request);
  command.bytes = request.ByteSizeLong();
  command.deadline = call.deadline;
  command.not_after = call.deadline + kNotAfterDefault;
  if constexpr (requires { request.not_after(); })
    command.not_after = NotAfter(request.has_not_after(), request.not_after(), call);
  return command;
}

}  // namespace loyalty
