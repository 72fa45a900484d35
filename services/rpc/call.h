// How handlers of unary calls run: enter, work, finish. A handler cannot forget to finish or let an exception out.
#pragma once

#include <grpcpp/grpcpp.h>

#include <utility>

#include "services/batch/command.h"
#include "services/failure_error.h"
#include "services/read_workers.h"
#include "services/rpc/request.h"
#include "services/rpc/status.h"
#include "services/write_queue.h"

namespace loyalty {

using Reactor = grpc::ServerUnaryReactor;

// Trailing metadata of an answer that was given before.
inline constexpr const char* kReplayedKey = "replayed";

// Enters and runs `body(call, reactor) -> Status`: on an error the call ends with it, else body has seen to its end.
template <typename Body>
Reactor* Handle(grpc::CallbackServerContext* context, std::string_view method, const Deps& deps, Body body) {
  Reactor* reactor = context->DefaultReactor();
  try {
    auto call = EnterCall(*context, method, deps);
    const Status status = call ? body(*std::move(call), reactor) : Status(call.error());
    if (!status) reactor->Finish(ToGrpc(status.error()));
  } catch (const storage::Failure& failure) {
    reactor->Finish(ToGrpc(ErrorOf(failure)));
  } catch (const std::exception& error) {
    reactor->Finish(ToGrpc(InternalError(error.what())));
  }
  return reactor;
}

// A call that is answered from memory: `body(call) -> Status` fills the response.
template <typename Body>
Reactor* HandleNow(grpc::CallbackServerContext* context, std::string_view method, const Deps& deps, Body body) {
  return Handle(context, method, deps, [&body](CallContext call, Reactor* reactor) -> Status {
    const Status status = body(call);
    if (status) reactor->Finish(grpc::Status::OK);
    return status;
  });
}

// A call that reads: `body(session, call) -> Result<bool>` runs on a reading thread and fills the response; false: run
// it again soon. `check(call) -> Status` runs first, on the caller's thread.
template <typename Check, typename Body>
Reactor* HandleRead(grpc::CallbackServerContext* context, std::string_view method, const Deps& deps, Check check,
                    Body body) {
  return Handle(context, method, deps, [&](CallContext call, Reactor* reactor) -> Status {
    if (const Status ok = check(call); !ok) return ok;
    const Instant deadline = call.deadline;
    deps.reads.Start(
        {[context, call = std::move(call), reactor, body = std::move(body)](storage::Session& session) {
           const Result<bool> done = body(session, call);
           // Whoever hung up, or is being stopped, waits for nothing.
           if (done && !*done && !context->IsCancelled()) return false;
           reactor->Finish(!done ? ToGrpc(done.error()) : *done ? grpc::Status::OK : grpc::Status::CANCELLED);
           return true;
         },
         [reactor](const Error& error) { reactor->Finish(ToGrpc(error)); }, deadline});
    return Ok{};
  });
}

// A call that reads for long: `read(session) -> Status` runs alone on a thread for such reads and fills the response.
template <typename Check, typename Read>
Reactor* HandleLongRead(grpc::CallbackServerContext* context, std::string_view method, const Deps& deps, Check check,
                        Read read) {
  return Handle(context, method, deps, [&](const CallContext& call, Reactor* reactor) -> Status {
    if (const Status ok = check(call); !ok) return ok;
    deps.reads.StartLong({[context, reactor, read = std::move(read)](storage::Session& session) {
                            const Status done = read(session);
                            reactor->Finish(context->IsCancelled() ? grpc::Status::CANCELLED
                                            : done                 ? grpc::Status::OK
                                                                   : ToGrpc(done.error()));
                            return true;
                          },
                          [reactor](const Error& error) { reactor->Finish(ToGrpc(error)); }, call.deadline});
    return Ok{};
  });
}

// Hands a command to the write path; `fill(answer)` fills the response before the call ends.
template <typename Fill>
Status SubmitWrite(grpc::CallbackServerContext* context, Reactor* reactor, const Deps& deps, Command command,
                   Fill fill) {
  return deps.queue.Submit(std::move(command), [context, reactor, fill = std::move(fill)](Result<Answer> answer) {
    if (!answer) return reactor->Finish(ToGrpc(ForCaller(answer.error())));
    if (answer->replayed) context->AddTrailingMetadata(kReplayedKey, "true");
    fill(*answer);
    reactor->Finish(grpc::Status::OK);
  });
}

// The parts of a command that are the same for every method.
template <typename Request>
Command CommandFor(const CallContext& call, std::string_view method, const Request& request) {
  Command command;
  command.request_id = request.request_id();
  command.payload_hash = PayloadHash(method, call.caller, request);
  command.deadline = call.deadline;
  command.not_after = call.deadline + kNotAfterDefault;
  if constexpr (requires { request.not_after(); })
    command.not_after = NotAfter(request.has_not_after(), request.not_after(), call);
  return command;
}

}  // namespace loyalty
