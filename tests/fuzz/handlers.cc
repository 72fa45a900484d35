#include "tests/fuzz/handlers.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/rpc/services.h"
#include "services/rpc/status.h"
#include "tests/fuzz/stream.h"

namespace loyalty::fuzz {
namespace {

using google::protobuf::Message;

google::rpc::Status StatusOf(const Status& status) {
  return status ? google::rpc::Status() : ToRpcStatus(status.error());
}

class FuzzCall final : public Call {
 public:
  FuzzCall(const Deps& deps, std::string_view method, Identity identity)
      : Call(deps, method), authorization_(AuthorizationOf(identity)) {}

  CallOrigin origin() const override { return {authorization_, std::nullopt}; }
  bool IsCancelled() const override { return false; }
  void Finish(const Status& status) override { End(StatusOf(status)); }
  void FinishCancelled() override {
    google::rpc::Status cancelled;
    cancelled.set_code(google::rpc::CANCELLED);
    End(std::move(cancelled));
  }

  const google::rpc::Status& status() const {
    if (!finished_) throw std::logic_error("the handler has not ended the call");
    return status_;
  }

 private:
  void End(google::rpc::Status status) {
    if (finished_) throw std::logic_error("the handler has ended the call twice");
    finished_ = true;
    status_ = std::move(status);
  }

  const std::string authorization_;
  bool finished_ = false;
  google::rpc::Status status_;
};

Reply CallUnary(const loyalty::Method& method, World& world, const Message& request, Identity caller) {
  Reply reply;
  reply.parsed = true;
  const std::unique_ptr<Message> response(method.response->New());
  FuzzCall call(world.deps(), method.name, caller);
  Run(method, call, request, *response);
  reply.status = call.status();
  reply.replayed = call.replayed;
  if (reply.ok()) response->SerializeToString(&reply.response);
  return reply;
}

Reply CallStream(const loyalty::Method& method, World& world, const Message& request, Identity caller) {
  Reply reply;
  reply.parsed = true;
  v1::ScanStreamResponse response;
  OneOnStream(method, world.deps(), AuthorizationOf(caller), request, response);
  if (response.request_id() != dynamic_cast<const v1::ScanStreamRequest&>(request).scan().request_id())
    throw std::logic_error("another request's answer");
  reply.replayed = response.replayed();
  if (response.has_error()) {
    reply.status = response.error();
  } else {
    response.set_replayed(false);
    response.SerializeToString(&reply.response);
  }
  return reply;
}

bool OnlyReads(std::string_view name) {
  constexpr std::string_view kVerbs[] = {"Get", "List", "Lookup", "Quote"};
  return std::any_of(std::begin(kVerbs), std::end(kVerbs),
                     [name](std::string_view verb) { return name.substr(0, verb.size()) == verb; });
}

std::vector<Method> AllMethods() {
  std::vector<Method> methods;
  for (const loyalty::Methods& service : AllServices())
    for (const loyalty::Method& bound : service) {
      // A request of a watch is one name or one number, and its answers have no end.
      if (!bound.handle && !(bound.reads_many && bound.request == &v1::ScanStreamRequest::default_instance())) continue;
      const auto name = bound.name.substr(bound.name.rfind('.') + 1);
      methods.push_back({name, bound.request, bound.response, !OnlyReads(name), &bound});
    }
  return methods;
}

}  // namespace

Reply Method::Send(World& world, std::string_view bytes, Identity caller) const {
  const std::unique_ptr<Message> message(request->New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return {};
  world.BeforeCall();
  return bound->handle ? CallUnary(*bound, world, *message, caller) : CallStream(*bound, world, *message, caller);
}

const std::vector<Method>& Methods() {
  static const std::vector<Method> kMethods = AllMethods();
  return kMethods;
}

}  // namespace loyalty::fuzz
