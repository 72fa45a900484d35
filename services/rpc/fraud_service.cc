// FraudService: the queue of alerts, and their end.
#include "loyalty/v1/fraud_service.pb.h"
#include "services/codec/names.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/page_token.h"
#include "services/rpc/services.h"
#include "services/rpc/text.h"
#include "storage/alert_reads.h"
#include "storage/member_reads.h"
#include "storage/names.h"
#include "storage/read_transaction.h"

namespace loyalty {
namespace {

using storage::AlertRow;
using storage::AlertState;

constexpr std::string_view kAlerts = "alerts/";
constexpr std::size_t kNoteMax = 200;

Error AlertUnknown() { return {Reason::kAlertUnknown, "there is no such alert", {{"field", "name"}}}; }

std::string NameOfAlert(const ProgramKeys& keys, std::int64_t id) {
  return std::string(kAlerts) + storage::PublicName(Disguise(keys.names, NameOf::kAlert, id));
}

Result<std::int64_t> ParseAlertName(const ProgramKeys& keys, std::string_view name) {
  const auto number = name.substr(0, kAlerts.size()) == kAlerts ? storage::ParsePublicName(name.substr(kAlerts.size()))
                                                                : std::optional<std::int64_t>();
  if (!number) return InvalidField("name", "alerts/ and 16 lower-case hexadecimal digits");
  return Reveal(keys.names, NameOf::kAlert, *number);
}

// What names of an alert are told by.
struct AlertNames {
  std::map<std::int64_t, std::int64_t> members;    // public ids
  std::map<std::int64_t, std::string> principals;  // names
};

AlertNames ReadNames(storage::Session& session, const std::vector<AlertRow>& rows) {
  std::vector<std::int64_t> members, principals;
  for (const AlertRow& row : rows) {
    if (row.member_id != 0) members.push_back(row.member_id);
    if (row.resolved_by != 0) principals.push_back(row.resolved_by);
  }
  return {storage::ReadPublicIds(session, members), storage::ReadPrincipalNames(session, principals)};
}

v1::Alert AlertMessage(const AlertRow& row, const AlertNames& names, const Snapshot& snapshot,
                       const ProgramKeys& keys) {
  const auto limit = static_cast<Limit>(row.limit);
  v1::Alert alert;
  alert.set_name(NameOfAlert(keys, row.id));
  alert.set_kind(static_cast<v1::AlertKind>(KindOf(limit)));
  alert.set_limit(std::string(NameOfLimit(limit)));
  if (const auto member = names.members.find(row.member_id); member != names.members.end())
    alert.set_member("members/" + storage::PublicName(member->second));
  if (const auto terminal = snapshot.terminal_names.find(row.place_id); terminal != snapshot.terminal_names.end())
    alert.set_terminal(terminal->second);
  if (const auto store = snapshot.store_names.find(row.store_id); store != snapshot.store_names.end())
    alert.set_store("stores/" + store->second);
  alert.set_operator_(row.by_operator);
  alert.set_date(FormatDay(row.day));
  *alert.mutable_first_time() = ToTimestamp(row.first_time);
  *alert.mutable_last_time() = ToTimestamp(row.last_time);
  alert.set_count(row.count);
  alert.set_state(static_cast<v1::AlertState>(row.state));
  if (row.state == AlertState::kOpen) return alert;
  if (const auto principal = names.principals.find(row.resolved_by); principal != names.principals.end())
    alert.set_resolved_by(principal->second);
  *alert.mutable_resolve_time() = ToTimestamp(row.resolve_time);
  alert.set_note(row.note);
  return alert;
}

// Errors: kInvalidArgument, kStoreUnknown, kPermissionDenied.
Result<storage::AlertFilter> ToFilter(const Call& call, const v1::ListAlertsRequest& request) {
  storage::AlertFilter filter;
  if (!v1::AlertState_IsValid(request.state())) return InvalidField("state", "OPEN or RESOLVED");
  if (!v1::AlertKind_IsValid(request.kind())) return InvalidField("kind", "unknown");
  filter.state = request.state();
  if (request.kind() != v1::ALERT_KIND_UNSPECIFIED) filter.kind = static_cast<AlertKind>(request.kind());
  filter.store_id = call.caller.store_id;
  if (!request.store().empty()) {
    const auto name = ParseStoreName("store", request.store());
    if (!name) return name.error();
    const auto store = call.snapshot->stores.find(*name);
    if (call.caller.store_id != 0 && (store == call.snapshot->stores.end() || store->second.id != call.caller.store_id))
      return Error{Reason::kPermissionDenied, "this key may name its own store only", {{"field", "store"}}};
    if (store == call.snapshot->stores.end())
      return Error{Reason::kStoreUnknown, "there is no such store", {{"field", "store"}}};
    filter.store_id = store->second.id;
  }
  if (request.has_from_time()) filter.from = ToInstant(request.from_time());
  if (request.has_to_time()) filter.to = ToInstant(request.to_time());
  return filter;
}

Status ListAlerts(Call& call, const v1::ListAlertsRequest& request, v1::ListAlertsResponse& response) {
  const auto filter = ToFilter(call, request);
  if (!filter) return filter.error();
  const std::string scope = "alerts|" + std::to_string(filter->state) + "|" + std::to_string(request.kind()) + "|" +
                            std::to_string(filter->store_id) + "|" + std::to_string(filter->from) + "|" +
                            std::to_string(filter->to);
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call,
                   [&call, &request, &response, scope, filter = *filter](storage::Session& session) -> Result<bool> {
                     const storage::ReadTransaction transaction(session);
                     AlertNames names;
                     const auto read = [&](std::int64_t before, int limit) {
                       auto rows = storage::ReadAlerts(session, filter, before, limit);
                       names = ReadNames(session, rows);
                       return rows;
                     };
                     const auto add = [&](const AlertRow& row) {
                       *response.add_alerts() = AlertMessage(row, names, *call.snapshot, *call.keys);
                     };
                     FillNewestFirst(request, call.deps().keys, scope, read, add, response);
                     return true;
                   });
}

// `store_id`: that the caller is bound to; 0: to none.
Result<AdminOutcome> Resolve(const AdminStep& step, std::int64_t id, std::int64_t store_id, const std::string& note) {
  auto known = storage::FindAlert(step.session, id);
  if (!known || (store_id != 0 && known->store_id != store_id)) return AlertUnknown();
  AlertRow* row = &step.set.of<AlertRow>().Take(*std::move(known));
  const bool changes = row->state == AlertState::kOpen;
  if (changes) {
    row->state = AlertState::kResolved;
    row->resolved_by = step.principal_id;
    row->resolve_time = step.now();
    row->note = note;
  }
  v1::ResolveAlertResponse stored;
  *stored.mutable_alert() = AlertMessage(*row, ReadNames(step.session, {*row}), step.rules.snapshot, step.rules.keys);
  AdminOutcome outcome{Made(stored), "", stored.alert().name(), note};
  if (changes) outcome.action = "alert.resolve";
  return outcome;
}

Status ResolveAlert(Call& call, const v1::ResolveAlertRequest& request, v1::ResolveAlertResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  const auto id = ParseAlertName(*call.keys, request.name());
  if (!id) return id.error();
  if (request.note().empty()) return InvalidField("note", "required");
  if (const Status ok = CheckDisplayText("note", request.note(), kNoteMax); !ok) return ok;
  return SubmitWrite(call,
                     AdminCommandFor(call, request,
                                     [id = *id, store_id = call.caller.store_id, note = request.note()](
                                         const AdminStep& step) { return Resolve(step, id, store_id, note); }),
                     [&response](const Answer& answer) { TakeResult(answer, response); });
}

}  // namespace

Methods FraudMethods() {
  return {
      Bind("loyalty.v1.FraudService.ListAlerts", ListAlerts),
      Bind("loyalty.v1.FraudService.ResolveAlert", ResolveAlert),
  };
}

}  // namespace loyalty
