// Stores, and the terminals in them.
#include "domain/violations.h"
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/page_token.h"
#include "services/rpc/services.h"
#include "services/rpc/text.h"

namespace loyalty {
namespace {

constexpr std::size_t kDisplayNameMax = 100;
constexpr int kDayCutMax = 720;
// Of a new terminal: each restart of its numbering adds one, for ever.
constexpr int kEpochMax = 1'000'000;

Error StoreUnknown() { return Error{Reason::kStoreUnknown, "there is no such store", {}}; }

// The store to make, defaults filled in. Errors: kInvalidArgument.
Result<storage::StoreRow> NewStore(const v1::CreateStoreRequest& request, const Snapshot& snapshot) {
  storage::StoreRow store;
  const v1::Store& asked = request.store();
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Require(IsResourceId(request.store_id()), "store_id", "1 to 40 characters of [A-Za-z0-9_.-]");
  violations.Take(CheckDisplayText("store.display_name", asked.display_name(), kDisplayNameMax));
  store.time_zone = asked.time_zone().empty() ? snapshot.zone_name : asked.time_zone();
  violations.Require(store.time_zone.size() <= 64 && LoadZone(store.time_zone), "store.time_zone",
                     "an IANA time zone, for instance Europe/Berlin");
  violations.Require(asked.day_cut_minutes() >= 0 && asked.day_cut_minutes() <= kDayCutMax, "store.day_cut_minutes",
                     "0 to 720");
  violations.Take(CheckLanguage("store.language_code", asked.language_code()));
  violations.Take(CheckRegion("store.region_code", asked.region_code()));
  if (const Status ok = violations.Done(); !ok) return ok.error();
  store.name = request.store_id();
  store.display_name = asked.display_name();
  store.day_cut_minutes = asked.day_cut_minutes();
  store.language = asked.language_code().empty() ? snapshot.language : asked.language_code();
  store.country = asked.region_code().empty() ? snapshot.country : asked.region_code();
  store.operators_required = asked.operators_required();
  return store;
}

storage::StoreRow RowOf(const StoreInfo& store) {
  storage::StoreRow row;
  row.id = store.id;
  row.name = store.name;
  row.display_name = store.display_name;
  row.time_zone = store.zone_name;
  row.day_cut_minutes = store.day_cut_minutes;
  row.language = store.language;
  row.country = store.country;
  row.operators_required = store.operators_required;
  return row;
}

v1::Store StoreMessage(const storage::StoreRow& store) {
  v1::Store out;
  out.set_name("stores/" + store.name);
  out.set_display_name(store.display_name);
  out.set_time_zone(store.time_zone);
  out.set_day_cut_minutes(store.day_cut_minutes);
  out.set_language_code(store.language);
  out.set_region_code(store.country);
  out.set_operators_required(store.operators_required);
  return out;
}

Status CreateStore(Call& call, const v1::CreateStoreRequest& request, v1::CreateStoreResponse& response) {
  auto store = NewStore(request, *call.snapshot);
  if (!store) return store.error();
  auto command =
      AdminCommandFor(call, request, [store = *std::move(store)](const AdminStep& step) -> Result<AdminOutcome> {
        if (storage::FindStore(step.session, store.name))
          return Error{Reason::kStoreExists, "a store of this name exists", {{"store", "stores/" + store.name}}};
        storage::StoreRow row = store;
        row.id = step.draws.more[0];
        row.create_time = step.now();
        step.set.Put(row);
        return AdminOutcome{Made(StoreMessage(row)), "store.create", "stores/" + row.name, ""};
      });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_store()); });
}

Status UpdateStore(Call& call, const v1::UpdateStoreRequest& request, v1::UpdateStoreResponse& response) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  const auto name = ParseStoreName("store.name", request.store().name());
  violations.Take(name);
  violations.Take(CheckDisplayText("store.display_name", request.store().display_name(), kDisplayNameMax));
  violations.Require(!request.update_mask().paths().empty(), "update_mask", "what to change is required");
  for (const auto& path : request.update_mask().paths())
    violations.Require(path == "display_name" || path == "operators_required", "update_mask",
                       "only display_name and operators_required can be changed");
  if (const Status ok = violations.Done(); !ok) return ok;
  auto command =
      AdminCommandFor(call, request, [name = *name, asked = request](const AdminStep& step) -> Result<AdminOutcome> {
        auto known = storage::FindStore(step.session, name);
        if (!known) return StoreUnknown();
        storage::StoreRow& row = step.set.of<storage::StoreRow>().Take(*std::move(known));
        std::string changed;
        for (const auto& path : asked.update_mask().paths()) {
          changed.append(changed.empty() ? "" : ",").append(path);
          if (path == "display_name") row.display_name = asked.store().display_name();
          if (path == "operators_required") row.operators_required = asked.store().operators_required();
        }
        return AdminOutcome{Made(StoreMessage(row)), "store.update", "stores/" + row.name, changed};
      });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_store()); });
}

Status GetStore(Call& call, const v1::GetStoreRequest& request, v1::GetStoreResponse& response) {
  const auto name = ParseStoreName("name", request.name());
  if (!name) return name.error();
  const auto at = call.snapshot->stores.find(*name);
  if (at == call.snapshot->stores.end()) return StoreUnknown();
  *response.mutable_store() = StoreMessage(RowOf(at->second));
  return FinishNow(call);
}

Status ListStores(Call& call, const v1::ListStoresRequest& request, v1::ListStoresResponse& response) {
  constexpr std::string_view kScope = "stores";
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  const auto after = ReadPageToken(call.deps().keys, kScope, request.page_token());
  if (!after) return after.error();
  const auto& stores = call.snapshot->stores;
  for (auto at = stores.upper_bound(*after); at != stores.end(); ++at) {
    if (response.stores_size() == *size) {
      response.set_next_page_token(MakePageToken(call.deps().keys, kScope, std::prev(at)->first));
      break;
    }
    *response.add_stores() = StoreMessage(RowOf(at->second));
  }
  return FinishNow(call);
}

Status CreateTerminal(Call& call, const v1::CreateTerminalRequest& request, v1::CreateTerminalResponse& response) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  auto store = ParseStoreName("store", request.store());
  violations.Take(store);
  violations.Require(IsResourceId(request.terminal_id()), "terminal_id", "1 to 40 characters of [A-Za-z0-9_.-]");
  violations.Take(CheckDisplayText("terminal.display_name", request.terminal().display_name(), kDisplayNameMax));
  violations.Require(request.terminal().epoch() >= 0 && request.terminal().epoch() <= kEpochMax, "terminal.epoch",
                     "0 to 1000000");
  if (const Status ok = violations.Done(); !ok) return ok;
  auto command = AdminCommandFor(
      call, request, [store_name = *std::move(store), asked = request](const AdminStep& step) -> Result<AdminOutcome> {
        const auto row = storage::FindStore(step.session, store_name);
        if (!row) return StoreUnknown();
        const std::string name = asked.store() + "/terminals/" + asked.terminal_id();
        if (storage::FindTerminal(step.session, row->id, asked.terminal_id()))
          return Error{Reason::kTerminalExists, "a terminal of this name exists", {{"terminal", name}}};
        storage::TerminalRow terminal;
        terminal.id = step.draws.more[0];
        terminal.store_id = row->id;
        terminal.name = asked.terminal_id();
        terminal.display_name = asked.terminal().display_name();
        terminal.epoch = asked.terminal().epoch();
        terminal.create_time = step.now();
        step.set.Put(terminal);
        return AdminOutcome{Made(TerminalMessage(name, terminal.display_name, terminal.epoch)), "terminal.create", name,
                            ""};
      });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_terminal()); });
}

Status ListTerminals(Call& call, const v1::ListTerminalsRequest& request, v1::ListTerminalsResponse& response) {
  const auto store = ParseStoreName("store", request.store());
  if (!store) return store.error();
  const auto size = PageSize(request.page_size());
  if (!size) return size.error();
  const std::string prefix = request.store() + "/terminals/";
  const auto after = ReadPageToken(call.deps().keys, prefix, request.page_token());
  if (!after) return after.error();
  if (call.snapshot->stores.find(*store) == call.snapshot->stores.end()) return StoreUnknown();
  const auto& terminals = call.snapshot->terminals;
  for (auto at = terminals.upper_bound(after->empty() ? prefix : *after);
       at != terminals.end() && at->first.compare(0, prefix.size(), prefix) == 0; ++at) {
    if (response.terminals_size() == *size) {
      response.set_next_page_token(MakePageToken(call.deps().keys, prefix, std::prev(at)->first));
      break;
    }
    *response.add_terminals() = TerminalMessage(at->first, at->second.display_name, at->second.epoch);
  }
  return FinishNow(call);
}

}  // namespace

v1::Terminal TerminalMessage(const std::string& name, const std::string& display_name, int epoch) {
  v1::Terminal out;
  out.set_name(name);
  out.set_display_name(display_name);
  out.set_epoch(epoch);
  return out;
}

Methods AdminMethods() {
  return {
      Bind("loyalty.v1.AdminService.CreateStore", CreateStore),
      Bind("loyalty.v1.AdminService.UpdateStore", UpdateStore),
      Bind("loyalty.v1.AdminService.GetStore", GetStore),
      Bind("loyalty.v1.AdminService.ListStores", ListStores),
      Bind("loyalty.v1.AdminService.CreateTerminal", CreateTerminal),
      Bind("loyalty.v1.AdminService.ListTerminals", ListTerminals),
      Bind("loyalty.v1.AdminService.RestartTerminalNumbering", RestartTerminalNumbering),
      Bind("loyalty.v1.AdminService.CreateEnrollmentCode", CreateEnrollmentCode),
      Bind("loyalty.v1.AdminService.RevokeEnrollmentCode", RevokeEnrollmentCode),
      Bind("loyalty.v1.AdminService.EnrollTerminal", EnrollTerminal),
      Bind("loyalty.v1.AdminService.RevokeTerminal", RevokeTerminal),
      Bind("loyalty.v1.AdminService.CreateKey", CreateKey),
      Bind("loyalty.v1.AdminService.ListKeys", ListKeys),
      Bind("loyalty.v1.AdminService.RotateKey", RotateKey),
      Bind("loyalty.v1.AdminService.RevokeKey", RevokeKey),
      Bind("loyalty.v1.AdminService.RenewKey", RenewKey),
      Bind("loyalty.v1.AdminService.ListAuditEvents", ListAuditEvents),
      Bind("loyalty.v1.AdminService.CreateOperator", CreateOperator),
      Bind("loyalty.v1.AdminService.ListOperators", ListOperators),
      Bind("loyalty.v1.AdminService.ResetOperatorPin", ResetOperatorPin),
      Bind("loyalty.v1.AdminService.UpdateOperator", UpdateOperator),
      Bind("loyalty.v1.AdminService.DisableOperator", DisableOperator),
      Bind("loyalty.v1.AdminService.SignOnOperator", SignOnOperator),
      Bind("loyalty.v1.AdminService.SignOffOperator", SignOffOperator),
  };
}

}  // namespace loyalty
