#include <memory>

#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/secret_input.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

struct Arguments {
  std::string name, display_name, role, pin_file;
  std::int64_t limit = kNoLimit;
};

v1::OperatorRole RoleOf(const std::string& text) {
  return text == "supervisor" ? v1::OPERATOR_ROLE_SUPERVISOR : v1::OPERATOR_ROLE_CASHIER;
}

void PrintOperators(const google::protobuf::RepeatedPtrField<v1::Operator>& operators) {
  Table table({{"operator"}, {"name"}, {"store"}, {"role"}, {"state"}, {"locked until"}});
  for (const auto& one : operators)
    table.AddRow({one.name(), one.display_name(), one.store(), EnumText(*v1::OperatorRole_descriptor(), one.role()),
                  EnumText(*v1::OperatorState_descriptor(), one.state()),
                  TimeText(one.has_locked_until_time(), one.locked_until_time())});
  Print(table.Render(StdoutWantsColour()));
}

template <typename Response>
Outcome PrintOperator(const Session& session, const Response& response) {
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  google::protobuf::RepeatedPtrField<v1::Operator> operators;
  *operators.Add() = response.operator_();
  PrintOperators(operators);
  return {};
}

// Sends a request whose PIN is never stored: neither in the command line nor in the journal.
template <typename Request, typename Response>
Outcome SendPin(Session& session, const char* doing, const Request& request,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const std::string& pin_file) {
  const auto pin = ReadNewPin("New PIN", pin_file);
  if (!pin) return UsageFailure(pin.error().message, "--pin-file names a file whose first line is the PIN");
  Mutation mutation{doing, {}, false};
  mutation.complete = [&pin](google::protobuf::Message& sent) { static_cast<Request&>(sent).set_pin(*pin); };
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Response response;
  if (auto failed = session.Mutate(*stub, method, mutation, request, &response)) return failed;
  return PrintOperator(session, response);
}

Outcome Create(Session& session, const Arguments& arguments) {
  v1::CreateOperatorRequest request;
  request.set_store(FullName("stores", arguments.name));
  request.set_display_name(arguments.display_name);
  request.set_role(RoleOf(arguments.role));
  return SendPin<v1::CreateOperatorRequest, v1::CreateOperatorResponse>(session, "create operator", request,
                                                                        &Stub::CreateOperator, arguments.pin_file);
}

Outcome ResetPin(Session& session, const Arguments& arguments) {
  v1::ResetOperatorPinRequest request;
  request.set_operator_(FullName("operators", arguments.name));
  return SendPin<v1::ResetOperatorPinRequest, v1::ResetOperatorPinResponse>(
      session, "reset PIN", request, &Stub::ResetOperatorPin, arguments.pin_file);
}

Outcome Update(Session& session, const v1::UpdateOperatorRequest& request) {
  if (request.update_mask().paths().empty())
    return UsageFailure("nothing is to change", "give --display-name, --role or --store");
  Mutation mutation{"update operator", {}, false};
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::UpdateOperatorResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::UpdateOperator, mutation, request, &response)) return failed;
  return PrintOperator(session, response);
}

Outcome Disable(Session& session, const Arguments& arguments) {
  v1::DisableOperatorRequest request;
  request.set_operator_(FullName("operators", arguments.name));
  Mutation mutation{"disable operator", {}, false};
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::DisableOperatorResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::DisableOperator, mutation, request, &response)) return failed;
  return PrintOperator(session, response);
}

Outcome List(Session& session, const Arguments& arguments) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListOperatorsRequest request;
  request.set_store(FullName("stores", arguments.name));
  v1::ListOperatorsResponse operators;
  if (auto failed = ReadPages(session, *stub, &Stub::ListOperators, "list operators", request, arguments.limit,
                              &operators, [](const auto& page) { return page.operators_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(operators);
  } else {
    PrintOperators(operators.operators());
  }
  return {};
}

// Each flag names the field that it changes.
void AddUpdate(const Command& operators, Program& program) {
  const auto update = operators.AddCommand("update", "Change name, role or store of an operator");
  auto request = std::make_shared<v1::UpdateOperatorRequest>();
  update
      .Add(
          "name",
          [request](const std::string& value) { request->mutable_operator_()->set_name(FullName("operators", value)); })
      .Type("operators/O")
      .Required();
  const auto add = [&](const char* flag, const char* path, const char* help, auto set) {
    const auto take = [request, path, set](const std::string& value) {
      set(*request->mutable_operator_(), value);
      request->mutable_update_mask()->add_paths(path);
    };
    return update.Add(flag, take, help);
  };
  add("--display-name", "display_name", "Name for people; stands in lists only",
      [](auto& to, const auto& value) { to.set_display_name(value); });
  add("--role", "role", "What it may do at a till", [](auto& to, const auto& value) {
    to.set_role(RoleOf(value));
  }).OneOf({"cashier", "supervisor"});
  add("--store", "store", "Whose tills it operates", [](auto& to, const auto& value) {
    to.set_store(FullName("stores", value));
  }).Type("stores/S");
  update.Footer(
      "Who is no supervisor any more, or works at another store, has to sign on again.\n\n"
      "Example:\n  loyalty-admin operator update operators/48213377 --role supervisor");
  update.OnUse(
      [&program, request] { program.Choose([request](Session& session) { return Update(session, *request); }); });
}

void AddOperatorCommands(Program& program) {
  const auto operators = program.app().AddCommand("operator", "Who operates the tills of a store");
  operators.RequireCommand();
  const auto add = [&](const char* name, const char* description, const char* type, auto run) {
    const auto command = operators.AddCommand(name, description);
    auto arguments = std::make_shared<Arguments>();
    command.Add("name", arguments->name).Type(type).Required();
    command.OnUse([&program, arguments, run] {
      program.Choose([arguments, run](Session& session) { return run(session, *arguments); });
    });
    return std::pair(command, arguments);
  };
  constexpr char kPinFile[] = "File whose first line is the PIN; default: asked for, twice";

  const auto [create, to_create] = add("create", "Make an operator; its number is drawn", "stores/S", Create);
  create.Add("--display-name", to_create->display_name, "Name for people; stands in this list only");
  create.Add("--role", to_create->role, "What it may do at a till").OneOf({"cashier", "supervisor"}).Required();
  create.Add("--pin-file", to_create->pin_file, kPinFile).Type("FILE");
  create.Footer("Example:\n  loyalty-admin operator create S1 --role supervisor --display-name 'Erika M.'");

  const auto [list, to_list] = add("list", "Operators of a store", "stores/S", List);
  list.Add("--limit", to_list->limit, "At most this many").Positive();
  list.Footer("Example:\n  loyalty-admin operator list S1");

  const auto [reset, to_reset] = add("reset-pin", "Another PIN: unlocks, and ends sessions", "operators/O", ResetPin);
  reset.Add("--pin-file", to_reset->pin_file, kPinFile).Type("FILE");
  reset.Footer("Example:\n  loyalty-admin operator reset-pin operators/48213377");

  AddUpdate(operators, program);

  const auto [disable, to_disable] = add("disable", "End an operator for good", "operators/O", Disable);
  static_cast<void>(to_disable);
  disable.Footer("Example:\n  loyalty-admin operator disable operators/48213377");
}

const ProgramCommands kOperatorCommands{AddOperatorCommands};

}  // namespace
}  // namespace loyalty::client
