#include <cstdio>
#include <memory>

#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/secret_input.h"
#include "clients/till/answers.h"
#include "clients/till/commands.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::client {
namespace {

// The second person of a request.
struct ApproverArguments {
  std::string name, pin_file;

  void AddTo(const Command& command, const char* description) {
    command.Add("--approver", name, description).Type("operators/O");
    command.Add("--approver-pin-file", pin_file, "File with the supervisor's PIN; default: asked for").Type("FILE");
  }
  // Asks for the PIN. What is typed goes into the request that is sent, never into a file.
  Result<v1::Approval> Ask() const {
    const auto pin = ReadPin("PIN of " + name, pin_file);
    if (!pin) return pin.error();
    v1::Approval approval;
    approval.set_operator_(FullName("operators", name));
    approval.set_pin(*pin);
    return approval;
  }
};

struct RedeemArguments {
  IdentifierArguments identifier;
  ReceiptArguments receipt;
  std::string terminal;
  std::string operator_id;
  std::string reward;
  ApproverArguments approver;
  std::int64_t points = 0;
  bool quote = false;
};

// What it would come to.
Outcome Quote(Session& session, const v1::RedeemRequest& redeem) {
  v1::QuoteRedeemRequest request;
  *request.mutable_redeem() = redeem;
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::QuoteRedeemResponse response;
  if (auto failed =
          session.Read(*stub, &v1::TerminalService::Stub::QuoteRedeem, "quote redemption", request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintRedemption(response.redeem(), session.Program().currency_code(), false);
  }
  return {};
}

Outcome Redeem(Session& session, const RedeemArguments& arguments) {
  if (arguments.identifier.empty())
    return UsageFailure("whose points is open", "give --card, --phone, --email or --static-token");
  v1::RedeemRequest request;
  request.set_terminal(arguments.terminal);
  request.set_operator_(arguments.operator_id);
  *request.mutable_identifier() = arguments.identifier.Build();
  if (arguments.reward.empty()) {
    request.set_points(arguments.points);
  } else {
    request.set_reward(FullName("rewards", arguments.reward));
  }
  Mutation mutation{"redeem", {}, false};
  mutation.amend = [&arguments](const ServerError& refusal, google::protobuf::Message& refused) {
    if (refusal.reason != "APPROVAL_REQUIRED" || arguments.approver.name.empty()) return false;
    const auto approval = arguments.approver.Ask();
    if (!approval) {
      std::fprintf(stderr, "loyalty-till: %s\n", approval.error().message.c_str());
      return false;
    }
    *static_cast<v1::RedeemRequest&>(refused).mutable_approval() = *approval;
    return true;
  };
  if (!arguments.receipt.file.empty()) {
    if (auto failed = arguments.receipt.Build(session, *request.mutable_receipt())) return failed;
    mutation.command = request.SerializeAsString();
    if (!request.receipt().has_business_time()) SetTime(Now(), *request.mutable_receipt()->mutable_business_time());
  }
  if (arguments.quote) return Quote(session, request);
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::RedeemResponse response;
  if (auto failed = session.Mutate(*stub, &v1::TerminalService::Stub::Redeem, mutation, request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintRedemption(response, session.Program().currency_code(), mutation.replayed);
  }
  return {};
}

struct CancelArguments {
  std::string redemption;
  std::string reason;
  std::string terminal;
  std::string operator_id;
  ApproverArguments approver;
};

Outcome Cancel(Session& session, const CancelArguments& arguments) {
  v1::CancelRedemptionRequest request;
  request.set_redemption(arguments.redemption);
  request.set_reason(arguments.reason);
  request.set_terminal(arguments.terminal);
  request.set_operator_(arguments.operator_id);
  Mutation mutation{"cancel", {}, false};
  // No rule asks for it, so it goes with the request from the start, and the redemption's till has it in its audit.
  if (!arguments.approver.name.empty()) {
    const auto approval = arguments.approver.Ask();
    if (!approval) return UsageFailure(approval.error().message, "--approver-pin-file names a file with the PIN");
    mutation.complete = [approval = *approval](google::protobuf::Message& sent) {
      *static_cast<v1::CancelRedemptionRequest&>(sent).mutable_approval() = approval;
    };
  }
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::CancelRedemptionResponse response;
  if (auto failed = session.Mutate(*stub, &v1::TerminalService::Stub::CancelRedemption, mutation, request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintCancellation(response, session.Program().currency_code(), mutation.replayed);
  }
  return {};
}

void AddRedeemCommand(Program& program) {
  const auto command = program.app().AddCommand("redeem", "Spend points: for money, or for a reward");
  auto arguments = std::make_shared<RedeemArguments>();
  arguments->identifier.AddTo(command);
  arguments->receipt.AddFileTo(command);
  const auto what = command.AddGroup("What");
  what.Add("--points", arguments->points, "Points to turn into money").Positive();
  what.Add("--reward", arguments->reward, "Reward of the catalogue").Type("rewards/R");
  what.RequireOptions(1, 1);
  command.AddFlag("--quote", arguments->quote, "Only say what it would come to");
  arguments->approver.AddTo(command, "Supervisor who approves, if the server asks for one");
  command.Add("--terminal", arguments->terminal, "Where; a terminal key knows its own").Type("stores/S/terminals/T");
  command.Add("--operator", arguments->operator_id, "Who operates the till, pseudonymous").Type("ID");
  command.Footer(
      "Examples:\n"
      "  loyalty-till redeem --card 2600000017 --points 100\n"
      "  loyalty-till redeem --card 2600000017 --reward coffee\n"
      "  loyalty-till redeem --card 2600000017 --points 5000 --approver operators/48213377\n"
      "  loyalty-till redeem --card 2600000017 --points 500 --receipt-file basket.json --quote\n" +
      std::string(kWhichTerminal));
  command.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return Redeem(session, *arguments); }); });
}

void AddCancelCommand(Program& program) {
  const auto command = program.app().AddCommand("cancel", "Take a redemption back as a whole");
  auto arguments = std::make_shared<CancelArguments>();
  command.Add("redemption", arguments->redemption, "What redeem answered").Type("members/M/redemptions/R").Required();
  command.Add("--reason", arguments->reason, "Why: 1 to 64 bytes, a code and no text about a person")
      .Type("CODE")
      .Required();
  command.Add("--terminal", arguments->terminal, "Where; a terminal key knows its own").Type("stores/S/terminals/T");
  command.Add("--operator", arguments->operator_id, "Who operates the till, pseudonymous").Type("ID");
  arguments->approver.AddTo(command, "Supervisor who approves it, for the record");
  command.Footer(
      "Example:\n  loyalty-till cancel members/00c0ffee00c0ffee/redemptions/0123456789abcdef --reason CHANGED_MIND\n" +
      std::string(kWhichTerminal));
  command.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return Cancel(session, *arguments); }); });
}

const ProgramCommands kRedeemCommand{AddRedeemCommand};
const ProgramCommands kCancelCommand{AddCancelCommand};

}  // namespace
}  // namespace loyalty::client
