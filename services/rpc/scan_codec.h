// TerminalService messages between wire and commands.
#pragma once

#include "domain/violations.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "services/commands/command.h"
#include "services/rpc/call.h"
#include "services/rpc/request.h"

namespace loyalty {

// Where a call comes from: a terminal key knows its own place and may name no other; who is bound to a store may name
// its terminals, anybody else any. `required`: a terminal must be known. Errors: kInvalidArgument (terminal),
// kPermissionDenied, kTerminalUnknown.
Result<Place> ResolvePlace(const CallContext& call, std::string_view terminal, bool required);

// Who operates the till, as a request says it and its session claims it.
AtTill AtTillOf(const CallContext& call, const Place& place, const std::string& said);

// Errors: kInvalidArgument with the path of the field.
Result<Receipt> ToReceipt(const v1::Receipt& receipt);

// Commands without request id, deadline and payload hash (see FillCommand). Errors in the order of the service.
Result<Command> ToScan(const CallContext& call, const v1::ScanRequest& request);
Result<Command> ToRedeem(const CallContext& call, const v1::RedeemRequest& request);
Result<Command> ToCancelRedemption(const CallContext& call, const v1::CancelRedemptionRequest& request);

// Adds what all mutating requests have in common to what was made of the rest. Errors: kInvalidArgument with all fields
// at fault, request_id among them.
template <typename Request>
Result<Command> FillCommand(const CallContext& call, std::string_view method, const Request& request,
                            Result<Command> converted) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Take(converted);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  Command filled = CommandFor(call, method, request);
  filled.only_decide = converted->only_decide;
  filled.payload = std::move(converted->payload);
  return filled;
}

// The same of a payload and what was wrong with it.
template <typename Request, typename Payload>
Result<Command> FillCommand(const CallContext& call, std::string_view method, const Request& request,
                            const Violations& violations, Payload payload) {
  const Status ok = violations.Done();
  Command command;
  command.payload = std::move(payload);
  return FillCommand(call, method, request, ok ? Result<Command>(std::move(command)) : ok.error());
}

// Result and live view of an answer. One to what was not written (a quote, training) has no names: they would lead
// nowhere.
void FillScan(const Answer& answer, const Snapshot& snapshot, Instant now, v1::ScanResponse& response);

template <typename Response>
void FillAnswer(const Call& call, const Answer& answer, Response& response) {
  TakeResult(answer, *response.mutable_result());
  if (answer.member)
    FillMemberSnapshot(*answer.member, *call.snapshot, call.deps().clock(), *response.mutable_member_snapshot());
}

// Dates and points of what expires.
void FillExpiring(const std::vector<ExpiringPoints>& expiring,
                  google::protobuf::RepeatedPtrField<v1::ExpiringPoints>& out);

// The live view beside a result.
void FillMemberSnapshot(const LiveMember& member, const Snapshot& snapshot, Instant now, v1::MemberSnapshot& view);

}  // namespace loyalty
