#include "clients/output.h"
#include "clients/table.h"
#include "clients/till/commands.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::client {
namespace {

Outcome Info(Session& session) {
  const auto stub = v1::TerminalService::NewStub(session.connection().channel());
  v1::GetProgramInfoResponse response;
  if (auto failed = session.Read(*stub, &v1::TerminalService::Stub::GetProgramInfo, "program info",
                                 v1::GetProgramInfoRequest(), &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  FactSheet sheet;
  sheet.Add("I am", response.principal());
  sheet.Add("Currency", response.currency_code());
  sheet.Add("Time zone", response.time_zone());
  sheet.Add("Zone of the store", response.store_time_zone());
  sheet.Add("Language", response.language_code());
  sheet.Add("Country", response.region_code());
  sheet.Add("Server", response.server_version());
  sheet.Add("Catalogue", "version " + std::to_string(response.catalogue_version()));
  sheet.Add("Its clock", TimeText(true, response.server_time()));
  Print(sheet.Render());
  return {};
}

void AddInfoCommand(Program& program) {
  const auto command = program.app().AddCommand("info", "Who I am to the server, and what a till must know of it");
  command.Footer("Example:\n  loyalty-till info");
  command.OnUse([&program] { program.Choose(Info); });
}

const ProgramCommands kInfoCommand{AddInfoCommand};

}  // namespace
}  // namespace loyalty::client
