#include <memory>

#include "clients/key_output.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

Outcome Renew(Session& session, const std::string& out) {
  v1::RenewKeyResponse response;
  if (auto failed = IssueKey(session, "renew key", v1::RenewKeyRequest(), &Stub::RenewKey, out, response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.result());
    return {};
  }
  FactSheet sheet;
  sheet.Add("Terminal", response.result().name());
  sheet.Add("Key", "in " + out);
  sheet.Add("Ends", TimeText(response.result().has_expire_time(), response.result().expire_time()));
  sheet.Add("The old one ends", TimeText(true, response.result().others_expire_time()));
  Print(sheet.Render());
  return {};
}

void AddKeyCommand(Program& program) {
  const auto command =
      program.app().AddCommand("renew-key", "The next key of this terminal, from 60 days before the end of this one");
  auto out = std::make_shared<std::string>();
  command.Add("--out", *out, "File for the key, readable by you only; may be the one in use").Type("FILE").Required();
  command.Footer("Example:\n  loyalty-till renew-key --out till.key");
  command.OnUse([&program, out] { program.Choose([out](Session& session) { return Renew(session, *out); }); });
}

const ProgramCommands kKeyCommand{AddKeyCommand};

}  // namespace
}  // namespace loyalty::client
