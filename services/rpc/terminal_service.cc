// TerminalService: the hot path.
#include "loyalty/v1/terminal_service.pb.h"
#include "services/rpc/call.h"
#include "services/rpc/note_receipt.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/scan_stream.h"
#include "services/rpc/services.h"
#include "services/rpc/till_clock.h"

namespace loyalty {
namespace {

// Writes result and live view of a response.
void Fill(const Call& call, const Answer& answer, v1::ScanResponse& response) {
  FillScan(answer, *call.snapshot, call.deps().clock(), response);
}

template <typename Response>
void Fill(const Call& call, const Answer& answer, Response& response) {
  TakeResult(answer, *response.mutable_result());
  if constexpr (requires { response.mutable_result()->clear_redemption(); })
    if (answer.only_decided) response.mutable_result()->clear_redemption();  // there is none
  if (answer.member)
    FillMemberView(*answer.member, *call.snapshot, call.deps().clock(), *response.mutable_member_view());
}

// Converts the request to a command, queues it, and writes the response.
template <typename Request, typename Response>
Status Write(Call& call, const Request& request, Response& response,
             Result<Command> (*convert)(const CallContext&, const Request&)) {
  auto command = convert(call, request);
  if (!command) return command.error();
  if (const Status ok = FillCommand(call, call.method(), request, *command); !ok) return ok;
  NoteTillClock(call.deps(), *call.snapshot, *command);
  const std::int64_t store_id = StoreOfReceipt(*command);
  return SubmitWrite(call, *std::move(command), [&call, &response, store_id](const Answer& answer) {
    NoteReceipt(call.deps(), store_id, answer);
    Fill(call, answer, response);
  });
}

Status OnScan(Call& call, const v1::ScanRequest& request, v1::ScanResponse& response) {
  return Write(call, request, response, ToScan);
}

Status OnRedeem(Call& call, const v1::RedeemRequest& request, v1::RedeemResponse& response) {
  return Write(call, request, response, ToRedeem);
}

Status OnCancelRedemption(Call& call, const v1::CancelRedemptionRequest& request,
                          v1::CancelRedemptionResponse& response) {
  return Write(call, request, response, ToCancelRedemption);
}

Status Quote(Call& call, const v1::QuoteRequest& request, v1::QuoteResponse& response) {
  auto command = ToScan(call, request.scan());
  if (!command) return command.error();
  command->only_decide = true;
  command->bytes = request.ByteSizeLong();
  command->deadline = call.deadline;
  return SubmitWrite(call, *std::move(command),
                     [&call, &response](const Answer& answer) { Fill(call, answer, *response.mutable_scan()); });
}

}  // namespace

Methods TerminalMethods() {
  return {
      Bind("loyalty.v1.TerminalService.Scan", OnScan),
      BindStream<v1::ScanStreamRequest, v1::ScanStreamResponse>("loyalty.v1.TerminalService.ScanStream", NewScanStream),
      Bind("loyalty.v1.TerminalService.Quote", Quote),
      Bind("loyalty.v1.TerminalService.Redeem", OnRedeem),
      Bind("loyalty.v1.TerminalService.CancelRedemption", OnCancelRedemption),
  };
}

}  // namespace loyalty
