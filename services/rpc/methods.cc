#include "services/rpc/methods.h"

#include "services/queue/failure_error.h"
#include "services/rpc/required.h"

namespace loyalty {

void Run(const Method& method, Call& call, const google::protobuf::Message& request,
         google::protobuf::Message& response) {
  try {
    auto entered = EnterCall(call.origin(), call.method(), call.deps());
    if (!entered) return call.Finish(entered.error());
    static_cast<CallContext&>(call) = *std::move(entered);
    if (Status status = method.handle(call, request, response); !status) {
      AddMissing(request, status.error());
      call.Finish(status);
    }
  } catch (const storage::Failure& failure) {
    call.Finish(ErrorOf(failure));
  } catch (const std::exception& error) {
    call.Finish(InternalError(error.what()));
  }
}

Error NotBuilt(std::string_view method) {
  return Error{Reason::kNotEnabled, "this server does not have this method yet", {{"method", std::string(method)}}};
}

std::unique_ptr<Stream> Open(const Method& method, StreamWire& wire, const google::protobuf::Message& request) {
  if (const auto caller = MayCall(wire.origin(), method.name, wire.deps()); !caller) {
    wire.Finish(caller.error());
    return nullptr;
  }
  return method.open(wire, request);
}

Error Unreadable() {
  return Error{
      Reason::kInvalidArgument, "these bytes are no request of this method: broken, or a text is not UTF-8", {}};
}

}  // namespace loyalty
