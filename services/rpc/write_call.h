// The common course of a unary call that goes through the write queue.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "services/rpc/request.h"
#include "services/rpc/status.h"
#include "services/write_queue.h"

namespace loyalty {

// Checks the call, turns it into a command with `build(call, request) -> Result<Command>`, queues it, and finishes the
// reactor once the command is committed or refused: `fill(answer, call)` writes the response. A replay says so in the
// trailing metadata.
template <typename Request, typename Build, typename Fill>
grpc::ServerUnaryReactor* RunWriteCall(const Deps& deps, grpc::CallbackServerContext* context, std::string_view method,
                                       const Request& request, Build build, Fill fill) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto call = EnterCall(*context, method, deps);
  if (!call) {
    reactor->Finish(ToGrpc(call.error()));
    return reactor;
  }
  Result<Command> command = build(*call, request);
  if (!command) {
    reactor->Finish(ToGrpc(command.error()));
    return reactor;
  }
  const Status queued = deps.queue.Submit(std::move(*command),
                                          [context, reactor, fill, shared = std::move(*call)](Result<Answer> answer) {
                                            if (!answer) {
                                              reactor->Finish(ToGrpc(answer.error()));
                                              return;
                                            }
                                            if (answer->replayed) context->AddTrailingMetadata("replayed", "true");
                                            fill(*answer, shared);
                                            reactor->Finish(grpc::Status::OK);
                                          });
  if (!queued) reactor->Finish(ToGrpc(queued.error()));
  return reactor;
}

}  // namespace loyalty
