#include <filesystem>
#include <memory>

#include "clients/arguments.h"
#include "clients/key_output.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/secret_input.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

struct Arguments {
  std::string name, pin_file;
};

Outcome NoFile() {
  return UsageFailure("where the session is kept is open", "use --session-file FILE or LOYALTY_SESSION_FILE");
}

// The PIN is sent and never stored, the session stands in its file only.
Outcome SignOn(Session& session, const Arguments& arguments, const std::string& file) {
  if (file.empty()) return NoFile();
  if (auto failed = CheckKeyFile(file)) return failed;
  v1::SignOnOperatorRequest request;
  request.set_operator_(FullName("operators", arguments.name));
  const auto pin = ReadPin("PIN of " + request.operator_(), arguments.pin_file);
  if (!pin) return UsageFailure(pin.error().message, "--pin-file names a file whose first line is the PIN");
  Mutation mutation{"sign on", {}, false};
  mutation.complete = [&pin](google::protobuf::Message& sent) {
    static_cast<v1::SignOnOperatorRequest&>(sent).set_pin(*pin);
  };
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::SignOnOperatorResponse response;
  const auto keep = [&file](const v1::SignOnOperatorResponse& answer) { return KeepKey(file, answer.session()); };
  if (auto failed = session.Mutate<Stub, v1::SignOnOperatorRequest, v1::SignOnOperatorResponse>(
          *stub, &Stub::SignOnOperator, mutation, request, &response, keep))
    return failed;
  response.clear_session();
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.result());
    return {};
  }
  FactSheet sheet;
  sheet.Add("Operator", response.result().operator_());
  sheet.Add("Role", EnumText(*v1::OperatorRole_descriptor(), response.result().role()));
  sheet.Add("Terminal", response.result().terminal());
  sheet.Add("Session", "in " + file);
  sheet.Add("Ends", TimeText(true, response.result().expire_time()));
  Print(sheet.Render());
  return {};
}

Outcome SignOff(Session& session, const Arguments& arguments, const std::string& file) {
  v1::SignOffOperatorRequest request;
  request.set_operator_(FullName("operators", arguments.name));
  Mutation mutation{"sign off", {}, false};
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::SignOffOperatorResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::SignOffOperator, mutation, request, &response)) return failed;
  std::error_code ignored;  // it is good for nothing any more
  if (!file.empty()) std::filesystem::remove(file, ignored);
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(request.operator_() + (response.ended() ? " has signed off\n" : " was not signed on\n"));
  }
  return {};
}

void AddOperatorCommands(Program& program) {
  const auto on = program.app().AddCommand("sign-on", "Begin to operate this till: a session of 8 hours");
  auto arguments = std::make_shared<Arguments>();
  on.Add("operator", arguments->name, "Who").Type("operators/O").Required();
  on.Add("--pin-file", arguments->pin_file, "File with the PIN; default: asked for").Type("FILE");
  on.Footer(
      "Example:\n  loyalty-till sign-on operators/48213377 --session-file till.session\n"
      "Commands with the same --session-file then say who operates the till.");
  on.OnUse([&program, arguments] {
    program.Choose(
        [&program, arguments](Session& session) { return SignOn(session, *arguments, program.session_file()); });
  });

  const auto off = program.app().AddCommand("sign-off", "End the session of an operator at this till");
  auto leaving = std::make_shared<Arguments>();
  off.Add("operator", leaving->name, "Who").Type("operators/O").Required();
  off.Footer("Example:\n  loyalty-till sign-off operators/48213377 --session-file till.session");
  off.OnUse([&program, leaving] {
    program.Choose(
        [&program, leaving](Session& session) { return SignOff(session, *leaving, program.session_file()); });
  });
}

const ProgramCommands kOperatorCommands{AddOperatorCommands};

}  // namespace
}  // namespace loyalty::client
