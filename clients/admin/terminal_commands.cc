#include <memory>

#include "clients/arguments.h"
#include "clients/enrollment.h"
#include "clients/key_output.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

void PrintTerminals(const google::protobuf::RepeatedPtrField<v1::Terminal>& terminals) {
  Table table({{"terminal"}, {"name"}, {"epoch", Align::kRight}});
  for (const auto& terminal : terminals)
    table.AddRow({terminal.name(), terminal.display_name(), std::to_string(terminal.epoch())});
  Print(table.Render(StdoutWantsColour()));
}

// Prints what CreateTerminal and RestartTerminalNumbering answer alike.
template <typename Response>
void PrintTerminal(const Session& session, const Response& response) {
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return;
  }
  google::protobuf::RepeatedPtrField<v1::Terminal> terminals;
  *terminals.Add() = response.terminal();
  PrintTerminals(terminals);
}

Outcome Create(Session& session, const std::string& name, const std::string& display_name) {
  const auto ids = SplitTerminalName(name);
  if (!ids) return UsageFailure("'" + name + "' is no stores/S/terminals/T");
  v1::CreateTerminalRequest request;
  request.set_store(FullName("stores", ids->store));
  request.set_terminal_id(ids->terminal);
  request.mutable_terminal()->set_display_name(display_name);
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{"create terminal", {}, false};
  v1::CreateTerminalResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::CreateTerminal, mutation, request, &response)) return failed;
  PrintTerminal(session, response);
  return {};
}

Outcome List(Session& session, const std::string& store, std::int64_t limit) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListTerminalsRequest request;
  request.set_store(FullName("stores", store));
  v1::ListTerminalsResponse terminals;
  if (auto failed = ReadPages(session, *stub, &Stub::ListTerminals, "list terminals", request, limit, &terminals,
                              [](const auto& page) { return page.terminals_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(terminals);
  } else {
    PrintTerminals(terminals.terminals());
  }
  return {};
}

// The key goes to a file only its owner can read, never to the terminal or a log. The request stays unfinished until
// the file is on disk: repeated, it answers the same key.
Outcome Enroll(Session& session, const std::string& terminal, const std::string& out, const std::string& expires) {
  v1::EnrollTerminalRequest request;
  request.set_terminal(terminal);
  if (!expires.empty()) {
    Instant at = 0;
    if (auto failed = ReadTime(session, expires, {}, at)) return failed;
    SetTime(at, *request.mutable_expire_time());
  }
  v1::EnrollTerminalResponse response;
  if (auto failed = IssueKey(session, "enroll terminal", request, &Stub::EnrollTerminal, out, response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.result());
    return {};
  }
  FactSheet sheet;
  sheet.Add("Terminal", response.result().terminal());
  sheet.Add("Key", "in " + out);
  sheet.Add("Ends", TimeText(response.result().has_expire_time(), response.result().expire_time()));
  Print(sheet.Render());
  return {};
}

// The code is on stdout, alone on its line, and nowhere else.
Outcome MakeCode(Session& session, const std::string& terminal, std::int64_t seconds) {
  v1::CreateEnrollmentCodeResponse response;
  if (auto failed = CreateCode(session, terminal, seconds, response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  Print(response.code() + "\n");
  FactSheet sheet;
  sheet.Add("Terminal", response.result().terminal());
  sheet.Add("Code", "above; it is not shown again");
  sheet.Add("Good until", TimeText(true, response.result().expire_time()));
  Print(sheet.Render());
  return {};
}

Outcome RevokeCode(Session& session, const std::string& terminal) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::RevokeEnrollmentCodeRequest request;
  request.set_terminal(terminal);
  Mutation mutation{"revoke code", {}, false};
  v1::RevokeEnrollmentCodeResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::RevokeEnrollmentCode, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(response.revoked() ? "the code of " + terminal + " is good no more\n"
                             : terminal + " had no code that was good\n");
  }
  return {};
}

Outcome Revoke(Session& session, const std::string& terminal) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::RevokeTerminalRequest request;
  request.set_terminal(terminal);
  Mutation mutation{"revoke terminal", {}, false};
  v1::RevokeTerminalResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::RevokeTerminal, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(Grouped(response.revoked_keys()) + " keys of " + terminal + " revoked\n");
  }
  return {};
}

Outcome RestartNumbering(Session& session, const std::string& terminal, const std::string& since) {
  v1::RestartTerminalNumberingRequest request;
  request.set_terminal(terminal);
  if (!since.empty()) {
    Instant at = 0;
    if (auto failed = ReadTime(session, since, {}, at)) return failed;
    SetTime(at, *request.mutable_start_time());
  }
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{"restart numbering", {}, false};
  v1::RestartTerminalNumberingResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::RestartTerminalNumbering, mutation, request, &response)) return failed;
  PrintTerminal(session, response);
  return {};
}

void AddTerminalCommands(Program& program) {
  const auto terminal = program.app().AddCommand("terminal", "Terminals and their keys");
  terminal.RequireCommand();
  struct Arguments {
    std::string name, display_name, out, expires, since, valid = "7d";
    std::int64_t limit = kNoLimit;
  };
  const auto add = [&](const char* command_name, const char* description, const char* type) {
    const auto command = terminal.AddCommand(command_name, description);
    auto arguments = std::make_shared<Arguments>();
    command.Add("name", arguments->name).Type(type).Required();
    return std::pair(command, arguments);
  };
  constexpr char kTerminal[] = "stores/S/terminals/T";

  const auto [create, to_create] = add("create", "Make a terminal of a store", kTerminal);
  create.Add("--display-name", to_create->display_name, "Name for people");
  create.Footer("Example:\n  loyalty-admin terminal create stores/S1/terminals/T1 --display-name 'Till 1'");
  create.OnUse([&program, a = to_create] {
    program.Choose([a](Session& session) { return Create(session, a->name, a->display_name); });
  });

  const auto [list, to_list] = add("list", "Terminals of a store", "stores/S");
  list.Add("--limit", to_list->limit, "At most this many").Positive();
  list.Footer("Example:\n  loyalty-admin terminal list stores/S1");
  list.OnUse(
      [&program, a = to_list] { program.Choose([a](Session& session) { return List(session, a->name, a->limit); }); });

  const auto [enroll, to_enroll] = add("enroll", "Issue a key for a terminal into a file", kTerminal);
  enroll.Add("--out", to_enroll->out, "File for the key; readable by you only").Type("FILE").Required();
  enroll.Add("--expires", to_enroll->expires, "When the key ends; default: in 400 days").Type("TIME");
  enroll.Footer("Example:\n  loyalty-admin terminal enroll stores/S1/terminals/T1 --out till.key");
  enroll.OnUse([&program, a = to_enroll] {
    program.Choose([a](Session& session) { return Enroll(session, a->name, a->out, a->expires); });
  });

  const auto [code, to_code] = add("code", "Make a code that is typed at a till, once, to get its key", kTerminal);
  code.Add("--valid", to_code->valid, "How long it is good: minutes, hours or days (90m, 48h, 30d), at most 30 days")
      .ShowDefault();
  code.Footer(
      "A newer code takes the place of the one before. At the till: loyalty-till enroll --out till.key\n\n"
      "Example:\n  loyalty-admin terminal code stores/S1/terminals/T1 --valid 48h");
  code.OnUse([&program, a = to_code] {
    program.Choose([a](Session& session) -> Outcome {
      const auto seconds = SecondsOf(a->valid);
      if (!seconds) return UsageFailure("--valid: '" + a->valid + "' is no time such as 90m, 48h or 30d");
      return MakeCode(session, a->name, *seconds);
    });
  });

  const auto [revoke_code, to_revoke_code] = add("revoke-code", "End the code of a terminal", kTerminal);
  revoke_code.Footer("Example:\n  loyalty-admin terminal revoke-code stores/S1/terminals/T1");
  revoke_code.OnUse([&program, a = to_revoke_code] {
    program.Choose([a](Session& session) { return RevokeCode(session, a->name); });
  });

  const auto [revoke, to_revoke] = add("revoke", "Revoke all keys of a terminal, and its code", kTerminal);
  revoke.Footer("Example:\n  loyalty-admin terminal revoke stores/S1/terminals/T1");
  revoke.OnUse(
      [&program, a = to_revoke] { program.Choose([a](Session& session) { return Revoke(session, a->name); }); });

  const auto [restart, to_restart] =
      add("restart-numbering", "Its receipt numbers start again: they are new receipts", kTerminal);
  restart.Add("--since", to_restart->since, "When they started again; receipts of before keep theirs; default: now")
      .Type("TIME");
  restart.Footer(
      "Examples:\n  loyalty-admin terminal restart-numbering stores/S1/terminals/T1\n"
      "  loyalty-admin terminal restart-numbering stores/S1/terminals/T1 --since 2026-01-31T12:30");
  restart.OnUse([&program, a = to_restart] {
    program.Choose([a](Session& session) { return RestartNumbering(session, a->name, a->since); });
  });
}

const ProgramCommands kTerminalCommands{AddTerminalCommands};

}  // namespace
}  // namespace loyalty::client
