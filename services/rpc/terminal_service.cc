// TerminalService: the hot path.
#include "loyalty/v1/terminal_service.pb.h"
#include "services/rpc/approval.h"
#include "services/rpc/asked_for.h"
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
  FillAnswer(call, answer, response);
  if constexpr (requires { response.mutable_result()->clear_redemption(); })
    if (answer.only_decided) response.mutable_result()->clear_redemption();  // there is none
}

// Converts the request to a command, queues it, and writes the response.
// A command that may go on: what it asks for is counted.
struct Counted {
  Command command;
  AskedFor asked;
};
template <typename Request>
Result<Counted> Count(const Call& call, const Request& request,
                      Result<Command> (*convert)(const CallContext&, const Request&)) {
  auto command = FillCommand(call, call.method(), request, convert(call, request));
  if (!command) return command.error();
  auto asked = AskedFor::Count(call, call.deps(), *command);
  if (!asked) return asked.error();
  return Counted{*std::move(command), *std::move(asked)};
}

// Writes it, and says what has come of it.
template <typename Response>
Status Write(Call& call, Counted counted, Response& response) {
  NoteTillClock(call.deps(), *call.snapshot, counted.command);
  const std::int64_t store_id = StoreOfReceipt(counted.command);
  return SubmitWrite(call, std::move(counted.command),
                     [&call, &response, store_id, asked = std::move(counted.asked)](const Answer& answer) {
                       NoteReceipt(call.deps(), store_id, answer);
                       asked.Answered(answer);
                       Fill(call, answer, response);
                     });
}

Status OnScan(Call& call, const v1::ScanRequest& request, v1::ScanResponse& response) {
  auto counted = Count(call, request, ToScan);
  if (!counted) return counted.error();
  return Write(call, *std::move(counted), response);
}

// The same of what a second person may approve.
template <typename Payload, typename Request, typename Response>
Status WriteApproved(Call& call, const Request& request, Response& response,
                     Result<Command> (*convert)(const CallContext&, const Request&)) {
  auto converted = Count(call, request, convert);
  if (!converted) return converted.error();
  const auto counted = std::make_shared<Counted>(*std::move(converted));
  // Training spends nothing.
  const bool is_approved = request.has_approval() && !counted->command.only_decide;
  Payload& payload = std::get<Payload>(counted->command.payload);
  return WithApprover(call, is_approved ? &request.approval() : nullptr, payload.at_till, payload.place,
                      [&call, &response, counted, &payload](Approver approver) {
                        payload.approver = std::move(approver);
                        return Write(call, std::move(*counted), response);
                      });
}

Status OnRedeem(Call& call, const v1::RedeemRequest& request, v1::RedeemResponse& response) {
  return WriteApproved<Redeem>(call, request, response, ToRedeem);
}

Status OnCancelRedemption(Call& call, const v1::CancelRedemptionRequest& request,
                          v1::CancelRedemptionResponse& response) {
  return WriteApproved<CancelRedemption>(call, request, response, ToCancelRedemption);
}

// Decides the command, and writes nothing but the response.
Status OnlyDecide(Call& call, std::size_t bytes, Result<Command> command, std::function<void(const Answer&)> fill) {
  if (!command) return command.error();
  command->only_decide = true;
  command->bytes = bytes;
  command->deadline = call.deadline;
  auto asked = AskedFor::Count(call, call.deps(), *command);
  if (!asked) return asked.error();
  return SubmitWrite(call, *std::move(command),
                     [fill = std::move(fill), asked = *std::move(asked)](const Answer& answer) {
                       asked.Answered(answer);
                       fill(answer);
                     });
}

Status Quote(Call& call, const v1::QuoteRequest& request, v1::QuoteResponse& response) {
  return OnlyDecide(call, request.ByteSizeLong(), ToScan(call, request.scan()),
                    [&call, &response](const Answer& answer) { Fill(call, answer, *response.mutable_scan()); });
}

Status QuoteRedeem(Call& call, const v1::QuoteRedeemRequest& request, v1::QuoteRedeemResponse& response) {
  auto command = ToRedeem(call, request.redeem());
  if (command) std::get<Redeem>(command->payload).needs_no_approval = true;
  return OnlyDecide(call, request.ByteSizeLong(), std::move(command), [&call, &response](const Answer& answer) {
    Fill(call, answer, *response.mutable_redeem());
    const auto& burn = call.snapshot->catalogue.InForceAt(call.now).burn;
    response.set_approval_required(burn && burn->approval_from > 0 &&
                                   response.redeem().result().points() >= burn->approval_from);
  });
}

Status GetProgramInfo(Call& call, const v1::GetProgramInfoRequest&, v1::GetProgramInfoResponse& response) {
  const Snapshot& snapshot = *call.snapshot;
  response.set_currency_code(snapshot.currency);
  response.set_time_zone(snapshot.zone_name);
  response.set_language_code(snapshot.language);
  response.set_region_code(snapshot.country);
  response.set_server_version(LOYALTY_VERSION);
  response.set_catalogue_version(snapshot.catalogue.InForceAt(call.now).version);
  *response.mutable_server_time() = ToTimestamp(call.now);
  response.set_principal(call.caller.principal);
  *response.mutable_key_expire_time() = ToTimestamp(call.caller.key_expire_time);
  if (const auto place = ResolvePlace(call, "", false); place && place->store_id != 0)
    response.set_store_time_zone(place->zone.name());
  return FinishNow(call);
}

// A method that is not built yet. Who may name which place is asked all the same.
template <typename Request, typename Response>
Method Planned(std::string_view name) {
  Method method{name, &Request::default_instance(), &Response::default_instance(), {}, {}};
  method.handle = [name](Call& call, const google::protobuf::Message& request, google::protobuf::Message&) -> Status {
    if constexpr (requires(const Request& asked) { asked.terminal(); })
      if (const auto place = ResolvePlace(call, static_cast<const Request&>(request).terminal(), false); !place)
        return place.error();
    return NotBuilt(name);
  };
  return method;
}

// Requests and answers on a stream; it ends before the first of them is read.
class PlannedStream final : public Stream {
 public:
  PlannedStream(StreamWire& wire, std::string_view method) {
    auto call = EnterCall(wire.origin(), wire.method(), wire.deps());
    wire.Finish(call ? NotBuilt(method) : call.error());
  }

  void OnRead(bool) override {}
  void OnWritten(bool) override {}
};

std::unique_ptr<Stream> SyncJournal(StreamWire& wire) { return std::make_unique<PlannedStream>(wire, wire.method()); }

}  // namespace

Methods TerminalMethods() {
  return {
      Bind("loyalty.v1.TerminalService.Scan", OnScan),
      BindStream<v1::ScanStreamRequest, v1::ScanStreamResponse>("loyalty.v1.TerminalService.ScanStream", NewScanStream),
      Bind("loyalty.v1.TerminalService.Quote", Quote),
      Bind("loyalty.v1.TerminalService.Redeem", OnRedeem),
      Bind("loyalty.v1.TerminalService.CancelRedemption", OnCancelRedemption),
      Bind("loyalty.v1.TerminalService.QuoteRedeem", QuoteRedeem),
      Bind("loyalty.v1.TerminalService.GetProgramInfo", GetProgramInfo),
      Planned<v1::CreateHoldRequest, v1::CreateHoldResponse>("loyalty.v1.TerminalService.CreateHold"),
      Planned<v1::CaptureHoldRequest, v1::CaptureHoldResponse>("loyalty.v1.TerminalService.CaptureHold"),
      Planned<v1::ReleaseHoldRequest, v1::ReleaseHoldResponse>("loyalty.v1.TerminalService.ReleaseHold"),
      Planned<v1::AttachMemberRequest, v1::AttachMemberResponse>("loyalty.v1.TerminalService.AttachMember"),
      Planned<v1::VoidSaleRequest, v1::VoidSaleResponse>("loyalty.v1.TerminalService.VoidSale"),
      Planned<v1::ReturnLinesRequest, v1::ReturnLinesResponse>("loyalty.v1.TerminalService.ReturnLines"),
      Planned<v1::IssueEarnTokenRequest, v1::IssueEarnTokenResponse>("loyalty.v1.TerminalService.IssueEarnToken"),
      Planned<v1::ClaimEarnTokenRequest, v1::ClaimEarnTokenResponse>("loyalty.v1.TerminalService.ClaimEarnToken"),
      BindStream<v1::SyncJournalRequest, v1::SyncJournalResponse>("loyalty.v1.TerminalService.SyncJournal",
                                                                  SyncJournal),
      Planned<v1::GetOfflineBundleRequest, v1::GetOfflineBundleResponse>("loyalty.v1.TerminalService.GetOfflineBundle"),
  };
}

}  // namespace loyalty
