#include <memory>

#include "clients/arguments.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

void PrintStores(const google::protobuf::RepeatedPtrField<v1::Store>& stores) {
  Table table({{"store"}, {"name"}, {"time zone"}, {"day cut", Align::kRight}, {"language"}, {"country"}});
  for (const auto& store : stores)
    table.AddRow({store.name(), store.display_name(), store.time_zone(),
                  std::to_string(store.day_cut_minutes()) + " min", store.language_code(), store.region_code()});
  Print(table.Render(StdoutWantsColour()));
}

void PrintStore(const v1::Store& store) {
  google::protobuf::RepeatedPtrField<v1::Store> stores;
  *stores.Add() = store;
  PrintStores(stores);
}

Outcome Create(Session& session, const v1::CreateStoreRequest& request) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{"create store", {}, false};
  v1::CreateStoreResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::CreateStore, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintStore(response.store());
  }
  return {};
}

Outcome RequireOperators(Session& session, const std::string& name, bool required) {
  v1::UpdateStoreRequest request;
  request.mutable_store()->set_name(FullName("stores", name));
  request.mutable_store()->set_operators_required(required);
  request.mutable_update_mask()->add_paths("operators_required");
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{"update store", {}, false};
  v1::UpdateStoreResponse response;
  if (auto failed = session.Mutate(*stub, &Stub::UpdateStore, mutation, request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    Print(response.store().name() + (response.store().operators_required()
                                         ? ": its tills redeem, cancel and enrol only with an operator signed on\n"
                                         : ": its tills need no operator\n"));
  }
  return {};
}

Outcome List(Session& session, std::int64_t limit) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListStoresResponse stores;
  if (auto failed = ReadPages(session, *stub, &Stub::ListStores, "list stores", v1::ListStoresRequest(), limit, &stores,
                              [](const auto& page) { return page.stores_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(stores);
  } else {
    PrintStores(stores.stores());
  }
  return {};
}

Outcome Show(Session& session, const std::string& name) {
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::GetStoreRequest request;
  request.set_name(FullName("stores", name));
  v1::GetStoreResponse response;
  if (auto failed = session.Read(*stub, &Stub::GetStore, "show store", request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintStore(response.store());
  }
  return {};
}

void AddStoreCommands(Program& program) {
  const auto store = program.app().AddCommand("store", "Stores: create, list, show, what they require");
  store.RequireCommand();

  const auto create = store.AddCommand("create", "Make a store");
  struct Arguments {
    std::string id, display_name, time_zone, language, country;
    std::int32_t day_cut = 0;
  };
  auto arguments = std::make_shared<Arguments>();
  create.Add("id", arguments->id, "Its name, forever; S1 is stores/S1").Type("[stores/]S").Required();
  create.Add("--display-name", arguments->display_name, "Name for people");
  create.Add("--time-zone", arguments->time_zone, "IANA zone; default: the program's");
  create.Add("--day-cut", arguments->day_cut, "Minutes after midnight at which a business day ends").Range(0, 720);
  create.Add("--language", arguments->language, "BCP 47; default: the program's");
  create.Add("--country", arguments->country,
             "ISO 3166, of phone numbers without a country code; default: the program's");
  create.Footer("Example:\n  loyalty-admin store create S1 --display-name 'Main Street' --time-zone Europe/Berlin");
  create.OnUse([&program, arguments] {
    v1::CreateStoreRequest request;
    request.set_store_id(ShortName("stores", arguments->id));
    request.mutable_store()->set_display_name(arguments->display_name);
    request.mutable_store()->set_time_zone(arguments->time_zone);
    request.mutable_store()->set_day_cut_minutes(arguments->day_cut);
    request.mutable_store()->set_language_code(arguments->language);
    request.mutable_store()->set_region_code(arguments->country);
    program.Choose([request](Session& session) { return Create(session, request); });
  });

  const auto require = store.AddCommand("require-operators", "Whether its tills need an operator who has signed on");
  auto needing = std::make_shared<std::pair<std::string, std::string>>();
  require.Add("store", needing->first).Type("stores/S").Required();
  require.Add("when", needing->second, "on or off").OneOf({"on", "off"}).Required();
  require.Footer("Example:\n  loyalty-admin store require-operators S1 on");
  require.OnUse([&program, needing] {
    program.Choose(
        [needing](Session& session) { return RequireOperators(session, needing->first, needing->second == "on"); });
  });

  const auto list = store.AddCommand("list", "All stores in order of their names");
  auto limit = std::make_shared<std::int64_t>(kNoLimit);
  list.Add("--limit", *limit, "At most this many").Positive();
  list.Footer("Example:\n  loyalty-admin store list --output json");
  list.OnUse([&program, limit] { program.Choose([limit](Session& session) { return List(session, *limit); }); });

  const auto show = store.AddCommand("show", "One store");
  auto name = std::make_shared<std::string>();
  show.Add("store", *name).Type("stores/S").Required();
  show.Footer("Example:\n  loyalty-admin store show S1");
  show.OnUse([&program, name] { program.Choose([name](Session& session) { return Show(session, *name); }); });
}

const ProgramCommands kStoreCommands{AddStoreCommands};

}  // namespace
}  // namespace loyalty::client
