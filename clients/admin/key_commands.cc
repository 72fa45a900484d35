#include <map>
#include <memory>

#include "clients/arguments.h"
#include "clients/key_output.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

const std::map<std::string, v1::Role> kRoles{{"admin", v1::ROLE_ADMIN},       {"clerk", v1::ROLE_CLERK},
                                             {"marketer", v1::ROLE_MARKETER}, {"analyst", v1::ROLE_ANALYST},
                                             {"auditor", v1::ROLE_AUDITOR},   {"service", v1::ROLE_SERVICE}};

struct Arguments {
  std::string name, role, store, expires, out, id;
  std::int32_t overlap_hours = 24;
  std::int64_t limit = kNoLimit;
  bool ending_soon = false;
};

// What CreateKey and RotateKey answer alike. A key without a file is on stdout already, alone on its line.
template <typename Response>
Outcome PrintIssued(const Session& session, const Response& response, const std::string& out) {
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response.result());
    return {};
  }
  const v1::IssuedKey& issued = response.result();
  FactSheet sheet;
  sheet.Add("Name", issued.name());
  sheet.Add("Role", EnumText(*v1::Role_descriptor(), issued.role()));
  sheet.Add("Key", out.empty() ? "above; it is not shown again" : "in " + out);
  sheet.Add("Ends", TimeText(issued.has_expire_time(), issued.expire_time()));
  if (issued.has_others_expire_time()) sheet.Add("Others end", TimeText(true, issued.others_expire_time()));
  Print(sheet.Render());
  return {};
}

template <typename Request, typename Response>
Outcome Issue(Session& session, const char* doing, const Arguments& arguments, Request request,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  if (!arguments.expires.empty()) {
    Instant at = 0;
    if (auto failed = ReadTime(session, arguments.expires, {}, at)) return failed;
    SetTime(at, *request.mutable_expire_time());
  }
  Response response;
  if (auto failed = IssueKey(session, doing, request, method, arguments.out, response)) return failed;
  return PrintIssued(session, response, arguments.out);
}

Outcome Create(Session& session, const Arguments& arguments) {
  v1::CreateKeyRequest request;
  const std::string prefix = "keys/";
  request.set_key_id(arguments.name.starts_with(prefix) ? arguments.name.substr(prefix.size()) : arguments.name);
  request.set_role(kRoles.at(arguments.role));
  request.set_store(arguments.store);
  return Issue(session, "create key", arguments, std::move(request), &Stub::CreateKey);
}

Outcome Rotate(Session& session, const Arguments& arguments) {
  constexpr std::int64_t kSecondsOfHour = 3'600;
  v1::RotateKeyRequest request;
  request.set_name(arguments.name);
  request.mutable_overlap()->set_seconds(arguments.overlap_hours * kSecondsOfHour);
  return Issue(session, "rotate key", arguments, std::move(request), &Stub::RotateKey);
}

Outcome Revoke(Session& session, const Arguments& arguments) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::RevokeKeyRequest request;
  request.set_name(arguments.name);
  request.set_id(arguments.id);
  Mutation mutation{"revoke key", {}, false};
  v1::RevokeKeyResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::RevokeKey, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(Grouped(response.revoked_keys()) + " keys of " + arguments.name + " revoked\n");
  }
  return {};
}

Outcome List(Session& session, const Arguments& arguments) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListKeysRequest request;
  request.set_name(arguments.name);
  request.set_ending_soon(arguments.ending_soon);
  v1::ListKeysResponse keys;
  if (auto failed = ReadPages(session, *stub, &Stub::ListKeys, "list keys", request, arguments.limit, &keys,
                              [](const auto& page) { return page.keys_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(keys);
    return {};
  }
  Table table({{"name"}, {"id"}, {"role"}, {"store"}, {"state"}, {"ends"}, {"last used"}});
  for (const auto& key : keys.keys())
    table.AddRow({key.name(), key.id(), EnumText(*v1::Role_descriptor(), key.role()), key.store(),
                  EnumText(*v1::KeyState_descriptor(), key.state()) + (key.ending_soon() ? ", ends soon" : ""),
                  TimeText(key.has_expire_time(), key.expire_time()),
                  key.last_use_date().empty() ? "never" : key.last_use_date()});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

void AddKeyCommands(Program& program) {
  const auto keys = program.app().AddCommand("keys", "Keys of all who call");
  keys.RequireCommand();
  const auto add = [&](const char* name, const char* description, auto run) {
    const auto command = keys.AddCommand(name, description);
    auto arguments = std::make_shared<Arguments>();
    command.OnUse([&program, arguments, run] {
      program.Choose([arguments, run](Session& session) { return run(session, *arguments); });
    });
    return std::pair(command, arguments);
  };
  const auto add_issue = [](const Command& command, Arguments& arguments) {
    command.Add("--key-file-out", arguments.out, "File for the key, readable by you only; default: shown, once")
        .Type("FILE");
    command.Add("--expires", arguments.expires, "When the key ends; default: in 400 days").Type("TIME");
  };
  constexpr char kName[] = "keys/K or stores/S/terminals/T";

  const auto [create, to_create] = add("create", "Make a named key of a role", Create);
  create.Add("name", to_create->name).Type("keys/K").Required();
  create.Add("--role", to_create->role, "What its holder may do")
      .OneOf({"clerk", "marketer", "analyst", "auditor", "service", "admin"})
      .Required();
  create.Add("--store", to_create->store, "The only store it may act for (clerk, service)").Type("stores/S");
  add_issue(create, *to_create);
  create.Footer("Example:\n  loyalty-admin keys create keys/web-shop --role service --key-file-out shop.key");

  const auto [list, to_list] = add("list", "Keys with their state, end and last use", List);
  list.Add("name", to_list->name, "Of this principal only").Type(kName);
  list.AddFlag("--ending-soon", to_list->ending_soon, "Those that end within 30 days only");
  list.Add("--limit", to_list->limit, "At most this many").Positive();
  list.Footer("Examples:\n  loyalty-admin keys list\n  loyalty-admin keys list --ending-soon");

  const auto [rotate, to_rotate] = add("rotate", "Issue the next key; the old one stays valid for a while", Rotate);
  rotate.Add("name", to_rotate->name).Type(kName).Required();
  rotate.Add("--overlap-hours", to_rotate->overlap_hours, "How long the old key stays valid")
      .Range(0, 720)
      .ShowDefault();
  add_issue(rotate, *to_rotate);
  rotate.Footer("Example:\n  loyalty-admin keys rotate keys/web-shop --key-file-out shop.key --overlap-hours 48");

  const auto [revoke, to_revoke] = add("revoke", "End all keys of a principal, or one, at once", Revoke);
  revoke.Add("name", to_revoke->name).Type(kName).Required();
  revoke.Add("--id", to_revoke->id, "Only this one (keys list)").Type("ID");
  revoke.Footer("Example:\n  loyalty-admin keys revoke keys/web-shop");
}

const ProgramCommands kKeyCommands{AddKeyCommands};

}  // namespace
}  // namespace loyalty::client
