#include <memory>

#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/till/answers.h"
#include "clients/till/commands.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::client {
namespace {

struct ScanArguments {
  IdentifierArguments identifier;
  ReceiptArguments receipt;
  std::string terminal;
  std::string operator_id;

  void AddTo(const Command& command) {
    identifier.AddTo(command);
    receipt.AddTo(command);
    command.Add("--terminal", terminal, "Where; a terminal key knows its own").Type("stores/S/terminals/T");
    command.Add("--operator", operator_id, "Who operates the till, pseudonymous").Type("ID");
  }
};

// The request, and the text that tells equal commands: all of it but a time that was not given.
Outcome Build(Session& session, const ScanArguments& arguments, v1::ScanRequest& scan, std::string& command) {
  if (arguments.identifier.empty() && arguments.receipt.empty())
    return UsageFailure("nothing to scan", "give --card (or --phone, --email, --static-token), a receipt, or both");
  scan.set_terminal(arguments.terminal);
  scan.set_operator_(arguments.operator_id);
  if (!arguments.identifier.empty()) *scan.mutable_identifier() = arguments.identifier.Build();
  if (arguments.receipt.empty()) {
    bool given = false;
    if (auto failed = arguments.receipt.BuildTime(session, *scan.mutable_business_time(), given)) return failed;
    if (!given) scan.clear_business_time();
    command = scan.SerializeAsString();
    return {};
  }
  auto& receipt = *scan.mutable_receipt();
  if (auto failed = arguments.receipt.Build(session, receipt)) return failed;
  command = scan.SerializeAsString();
  if (!receipt.has_business_time()) SetTime(Now(), *receipt.mutable_business_time());
  return {};
}

std::string CurrencyForPeople(Session& session, const v1::ScanResponse& response) {
  const bool needed = response.member_snapshot().balance().available_value_minor() != 0;
  return needed ? session.Program().currency_code() : std::string();
}

Outcome Scan(Session& session, const ScanArguments& arguments) {
  v1::ScanRequest request;
  Mutation mutation{"scan", {}, false};
  if (auto failed = Build(session, arguments, request, mutation.command)) return failed;
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::ScanResponse response;
  if (auto failed = session.Mutate(*stub, &v1::TerminalService::Stub::Scan, mutation, request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintScan(response, CurrencyForPeople(session, response), mutation.replayed);
  }
  return {};
}

Outcome Quote(Session& session, const ScanArguments& arguments) {
  v1::QuoteRequest request;
  std::string command;
  if (auto failed = Build(session, arguments, *request.mutable_scan(), command)) return failed;
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::QuoteResponse response;
  if (auto failed = session.Read(*stub, &v1::TerminalService::Stub::Quote, "quote", request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintScan(response.scan(), CurrencyForPeople(session, response.scan()), false);
  }
  return {};
}

void AddScanCommand(Program& program) {
  const auto scan = program.app().AddCommand("scan", "Recognise a customer, record a sale, earn points");
  auto arguments = std::make_shared<ScanArguments>();
  arguments->AddTo(scan);
  scan.Footer(
      "Examples:\n"
      "  loyalty-till scan --card 2600000017\n"
      "  loyalty-till scan --card 2600000017 --receipt-no 4711 --total 12.34 --currency EUR\n"
      "  loyalty-till scan --phone +49301234567 --receipt-file receipt.json --output json\n" +
      std::string(kWhichTerminal));
  scan.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return Scan(session, *arguments); }); });

  const auto quote = program.app().AddCommand("quote", "What scan would answer; nothing is recorded");
  arguments = std::make_shared<ScanArguments>();
  arguments->AddTo(quote);
  quote.Footer("Example:\n  loyalty-till quote --card 2600000017 --receipt-no 4711 --total 12.34 --currency EUR\n" +
               std::string(kWhichTerminal));
  quote.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return Quote(session, *arguments); }); });
}

const ProgramCommands kScanCommand{AddScanCommand};

}  // namespace
}  // namespace loyalty::client
