#include "services/rpc/terminal_service.h"

#include "loyalty/v1/terminal_service.grpc.pb.h"
#include "services/rpc/call.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/scan_stream.h"

namespace loyalty {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// Writes result and live view of a response.
auto FillWith(v1::ScanResponse* response, const Deps& deps) {
  return [response, &deps](const Answer& answer, const CallContext& call) {
    FillScan(answer, *call.snapshot, deps.clock(), *response);
  };
}

template <typename Response>
auto FillWith(Response* response, const Deps& deps) {
  return [response, &deps](const Answer& answer, const CallContext& call) {
    response->mutable_result()->ParseFromString(answer.result);
    if constexpr (requires { response->mutable_result()->clear_redemption(); })
      if (answer.dry_run) response->mutable_result()->clear_redemption();  // there is none
    if (answer.member) FillMemberView(*answer.member, *call.snapshot, deps.clock(), *response->mutable_member_view());
  };
}

class TerminalService final : public v1::TerminalService::CallbackService {
 public:
  explicit TerminalService(const Deps& deps) : deps_(deps) {}

  ServerUnaryReactor* Scan(CallbackServerContext* context, const v1::ScanRequest* request,
                           v1::ScanResponse* response) override {
    return Run(context, "loyalty.v1.TerminalService.Scan", *request, ToScan, response);
  }

  ServerUnaryReactor* Redeem(CallbackServerContext* context, const v1::RedeemRequest* request,
                             v1::RedeemResponse* response) override {
    return Run(context, "loyalty.v1.TerminalService.Redeem", *request, ToRedeem, response);
  }

  ServerUnaryReactor* CancelRedemption(CallbackServerContext* context, const v1::CancelRedemptionRequest* request,
                                       v1::CancelRedemptionResponse* response) override {
    return Run(context, "loyalty.v1.TerminalService.CancelRedemption", *request, ToCancelRedemption, response);
  }

  ServerUnaryReactor* Quote(CallbackServerContext* context, const v1::QuoteRequest* request,
                            v1::QuoteResponse* response) override {
    const auto build = [](const CallContext& call, const v1::QuoteRequest& quote) -> Result<Command> {
      auto command = ToScan(call, quote.scan());
      if (!command) return command.error();
      command->dry_run = true;
      command->deadline = call.deadline;
      return command;
    };
    return Write(context, "loyalty.v1.TerminalService.Quote", *request, build,
                 FillWith(response->mutable_scan(), deps_));
  }

  grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse>* ScanStream(
      CallbackServerContext* context) override {
    return NewScanStream(deps_, *context);
  }

 private:
  template <typename Request, typename Response>
  ServerUnaryReactor* Run(CallbackServerContext* context, std::string_view method, const Request& request,
                          Result<Command> (*convert)(const CallContext&, const Request&), Response* response) {
    const auto build = [convert, method](const CallContext& call, const Request& from) -> Result<Command> {
      auto command = convert(call, from);
      if (!command) return command.error();
      if (const Status ok = FillCommand(call, method, from, *command); !ok) return ok.error();
      return command;
    };
    return Write(context, method, request, build, FillWith(response, deps_));
  }

  // Builds the command with `build(call, request)`, queues it, and writes the response with `fill(answer, call)`.
  template <typename Request, typename Build, typename Fill>
  ServerUnaryReactor* Write(CallbackServerContext* context, std::string_view method, const Request& request,
                            Build build, Fill fill) {
    return Handle(context, method, deps_, [&](CallContext call, Reactor* reactor) -> Status {
      auto command = build(call, request);
      if (!command) return command.error();
      return SubmitWrite(context, reactor, deps_, std::move(*command),
                         [fill, call = std::move(call)](const Answer& answer) { fill(answer, call); });
    });
  }

  const Deps& deps_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTerminalService(const Deps& deps) { return std::make_unique<TerminalService>(deps); }

}  // namespace loyalty
