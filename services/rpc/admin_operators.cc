// Operators of tills, as administrators make them and terminals sign them on.
#include <sodium.h>

#include <algorithm>
#include <array>

#include "domain/pin.h"
#include "domain/violations.h"
#include "services/codec/names.h"
#include "services/commands/operator_codec.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/issue_key.h"
#include "services/rpc/page_token.h"
#include "services/rpc/pin.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/text.h"
#include "storage/names.h"
#include "storage/operators.h"

namespace loyalty {
namespace {

using storage::OperatorRow;
using storage::OperatorState;

constexpr std::size_t kDisplayNameMax = 100;
// Names have 8 digits: short enough to be typed at a till, and too many to be met by chance.
constexpr std::int64_t kFirstOperator = 10'000'000;
constexpr std::uint32_t kOperators = 90'000'000;
// Drawn for each one that is made; with a million operators one of ten million times all are taken.
constexpr std::size_t kDraws = 4;

std::array<std::int64_t, kDraws> DrawIds() {
  std::array<std::int64_t, kDraws> ids{};
  for (auto& id : ids) id = kFirstOperator + randombytes_uniform(kOperators);
  return ids;
}

Error OperatorUnknown() { return Error{Reason::kOperatorUnknown, "there is no such operator", {}}; }
Error StoreUnknown(const std::string& name) {
  return Error{Reason::kStoreUnknown, "there is no such store", {{"store", name}}};
}

void CheckNewPin(const std::string& pin, Violations& violations) {
  violations.Require(IsGoodPin(pin), "pin", "4 to 12 digits, not the same ones again and again, and no row as 1234");
}

// The number of `operators/{8 digits}`; what has as many digits and no such operator is unknown, not wrong.
Result<std::int64_t> ParseOperator(const std::string& name) {
  return ParseNumberedName("operators/", "operator", name);
}

v1::Operator MessageOf(const OperatorRow& row, const std::string& store, Instant now) {
  v1::Operator out = OperatorMessage(row, now);
  out.set_store(store);
  return out;
}

// Ends what the operator has begun.
void EndSessionsOf(const AdminStep& step, std::int64_t operator_id) {
  for (auto& row : storage::ReadSessionsOf(step.session, operator_id))
    if (row.end_time == 0) step.set.of<storage::OperatorSessionRow>().Take(row).end_time = step.now();
}

// What a change came to: whether the operator's sessions end, and names of fields for the audit.
struct Changed {
  bool ends_sessions = true;
  std::string fields;
};

// A change of an operator that is there. Errors: kOperatorUnknown, those of `change`.
template <typename Request, typename Response>
Status Change(Call& call, const Request& request, std::int64_t id, Response& response, const char* action,
              std::function<Result<Changed>(const AdminStep& step, OperatorRow& row)> change) {
  auto command = AdminCommandFor(
      call, request, [id, action, change = std::move(change)](const AdminStep& step) -> Result<AdminOutcome> {
        auto known = storage::FindOperator(step.session, id);
        if (!known) return OperatorUnknown();
        OperatorRow& row = step.set.of<OperatorRow>().Take(*std::move(known));
        const auto changed = change(step, row);
        if (!changed) return changed.error();
        if (changed->ends_sessions) EndSessionsOf(step, id);
        const auto& stores = step.rules.snapshot.store_names;
        const auto store = stores.find(row.store_id);
        Response result;
        *result.mutable_operator_() =
            MessageOf(row, store == stores.end() ? "" : "stores/" + store->second, step.now());
        return AdminOutcome{Made(result), action, storage::OperatorName(id), changed->fields};
      });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

bool IsRole(v1::OperatorRole role) { return role == v1::OPERATOR_ROLE_CASHIER || role == v1::OPERATOR_ROLE_SUPERVISOR; }

// All that is wrong with an update, what its mask does not name left out. Errors: kInvalidArgument.
Status CheckUpdate(const v1::UpdateOperatorRequest& request) {
  const v1::Operator& asked = request.operator_();
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Take(ParseNumberedName("operators/", "operator.name", asked.name()));
  violations.Require(!request.update_mask().paths().empty(), "update_mask", "what to change is required");
  for (const auto& path : request.update_mask().paths()) {
    if (path == "display_name") {
      violations.Take(CheckDisplayText("operator.display_name", asked.display_name(), kDisplayNameMax));
    } else if (path == "store") {
      violations.Take(ParseStoreName("operator.store", asked.store()));
    } else if (path == "role") {
      violations.Require(IsRole(asked.role()), "operator.role", "CASHIER or SUPERVISOR");
    } else if (path == "state") {
      violations.Require(asked.state() == v1::OPERATOR_STATE_DISABLED, "operator.state",
                         "DISABLED: who is gone stays so, and whoever is there is active");
    } else {
      violations.Add("update_mask", "only display_name, store, role and state can be changed");
    }
  }
  return violations.Done();
}

// Writes what the mask names. Who loses a right has no session more: one that goes on would outlive it. Errors:
// kStoreUnknown.
Result<Changed> Update(const AdminStep& step, const v1::UpdateOperatorRequest& request, OperatorRow& row) {
  const v1::Operator& asked = request.operator_();
  Changed changed{false, {}};
  for (const auto& path : request.update_mask().paths()) {
    changed.fields.append(changed.fields.empty() ? "" : ",").append(path);
    if (path == "display_name") row.display_name = asked.display_name();
    if (path == "store") {
      const auto store = storage::FindStore(step.session, *ParseStoreName("operator.store", asked.store()));
      if (!store) return StoreUnknown(asked.store());
      changed.ends_sessions |= row.store_id != store->id;
      row.store_id = store->id;
    }
    if (path == "role") {
      changed.ends_sessions |=
          row.role == storage::OperatorRole::kSupervisor && asked.role() == v1::OPERATOR_ROLE_CASHIER;
      row.role = static_cast<storage::OperatorRole>(asked.role());
    }
    if (path == "state") {
      changed.ends_sessions = true;
      row.state = OperatorState::kDisabled;
    }
  }
  return changed;
}

// The session that a request gets: derived, not drawn, as keys are (DeriveKey). Its operator stands in it, so that
// whoever looks it up knows its key.
std::string DeriveSession(const KeySet& keys, std::int64_t asked_by, std::string_view request_id,
                          std::int64_t operator_id) {
  const std::string key = DeriveKey(keys, asked_by, request_id, storage::OperatorName(operator_id));
  return "ls_" + std::to_string(operator_id) + "_" + key.substr(key.find('_') + 1);
}

// Where a request of a terminal comes from. Errors: kInvalidArgument, kPermissionDenied.
template <typename Request>
Result<Place> PlaceOf(const Call& call, const Request& request, Result<std::int64_t>& operator_id) {
  auto place = ResolvePlace(call, request.terminal(), true);
  if (!place) return place.error();
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  operator_id = ParseOperator(request.operator_());
  violations.Take(operator_id);
  if constexpr (requires { request.pin(); })
    violations.Require(!request.pin().empty() && request.pin().size() <= kPinDigitsMax, "pin", "4 to 12 digits");
  if (const Status ok = violations.Done(); !ok) return ok.error();
  return place;
}

}  // namespace

Status CreateOperator(Call& call, const v1::CreateOperatorRequest& request, v1::CreateOperatorResponse& response) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  violations.Take(ParseStoreName("store", request.store()));
  violations.Take(CheckDisplayText("display_name", request.display_name(), kDisplayNameMax));
  violations.Require(IsRole(request.role()), "role", "CASHIER or SUPERVISOR");
  CheckNewPin(request.pin(), violations);
  if (const Status ok = violations.Done(); !ok) return ok;
  return HashPinSoon(call, request.pin(), [&call, &request, &response](std::string stored) {
    auto command = AdminCommandFor(
        call, request,
        [asked = request, stored = std::move(stored), ids = DrawIds()](const AdminStep& step) -> Result<AdminOutcome> {
          const auto store = storage::FindStore(step.session, *ParseStoreName("store", asked.store()));
          if (!store) return StoreUnknown(asked.store());
          const auto free = std::find_if(ids.begin(), ids.end(),
                                         [&step](std::int64_t id) { return !storage::FindOperator(step.session, id); });
          if (free == ids.end()) return Error{Reason::kContention, "no free name was drawn: ask again", {}};
          OperatorRow row;
          row.id = *free;
          row.store_id = store->id;
          row.display_name = asked.display_name();
          row.role = static_cast<storage::OperatorRole>(asked.role());
          row.pin = stored;
          row.create_time = step.now();
          v1::CreateOperatorResponse result;
          *result.mutable_operator_() = MessageOf(row, asked.store(), step.now());
          const std::string name = storage::OperatorName(row.id);
          step.set.Put(std::move(row));
          return AdminOutcome{Made(result), "operator.create", name, v1::OperatorRole_Name(asked.role())};
        });
    return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
  });
}

Status ListOperators(Call& call, const v1::ListOperatorsRequest& request, v1::ListOperatorsResponse& response) {
  const auto name = ParseStoreName("store", request.store());
  if (!name) return name.error();
  const auto store = call.snapshot->stores.find(*name);
  const std::int64_t store_id = store == call.snapshot->stores.end() ? 0 : store->second.id;
  if (call.caller.store_id != 0 && store_id != call.caller.store_id)
    return Error{Reason::kPermissionDenied, "this key may name its own store only", {{"field", "store"}}};
  if (store_id == 0) return StoreUnknown(request.store());
  const std::string scope = "operators|" + request.store();
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope, store_id](storage::Session& session) -> Result<bool> {
    const int size = *PageSize(request.page_size());
    const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
    auto rows = storage::ReadOperatorsAfter(session, store_id, position.empty() ? 0 : std::stoll(position), size + 1);
    response.Clear();
    if (static_cast<int>(rows.size()) > size) {
      rows.pop_back();
      response.set_next_page_token(MakePageToken(call.deps().keys, scope, std::to_string(rows.back().id)));
    }
    for (const OperatorRow& row : rows) {
      v1::Operator& out = *response.add_operators();
      out = MessageOf(row, request.store(), call.now);
      out.set_display_name(row.display_name);
    }
    return true;
  });
}

Status ResetOperatorPin(Call& call, const v1::ResetOperatorPinRequest& request,
                        v1::ResetOperatorPinResponse& response) {
  Violations violations;
  violations.Take(CheckRequestId(request.request_id()));
  const auto id = ParseOperator(request.operator_());
  violations.Take(id);
  CheckNewPin(request.pin(), violations);
  if (const Status ok = violations.Done(); !ok) return ok;
  return HashPinSoon(call, request.pin(), [&call, &request, &response, id = *id](const std::string& stored) {
    return Change(call, request, id, response, "operator.reset_pin",
                  [stored](const AdminStep&, OperatorRow& row) -> Result<Changed> {
                    row.pin = stored;
                    row.tries = 0;
                    row.locked_until = 0;
                    return Changed();
                  });
  });
}

Status UpdateOperator(Call& call, const v1::UpdateOperatorRequest& request, v1::UpdateOperatorResponse& response) {
  if (const Status ok = CheckUpdate(request); !ok) return ok;
  return Change(call, request, *ParseOperator(request.operator_().name()), response, "operator.update",
                [asked = request](const AdminStep& step, OperatorRow& row) { return Update(step, asked, row); });
}

Status DisableOperator(Call& call, const v1::DisableOperatorRequest& request, v1::DisableOperatorResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  const auto id = ParseOperator(request.operator_());
  if (!id) return id.error();
  return Change(call, request, *id, response, "operator.disable",
                [](const AdminStep&, OperatorRow& row) -> Result<Changed> {
                  row.state = OperatorState::kDisabled;
                  return Changed();
                });
}

Status SignOnOperator(Call& call, const v1::SignOnOperatorRequest& request, v1::SignOnOperatorResponse& response) {
  Result<std::int64_t> operator_id = 0;
  auto place = PlaceOf(call, request, operator_id);
  if (!place) return place.error();
  PinClaim claim{*operator_id, request.pin(), place->store_id};
  return CheckPin(call, std::move(claim),
                  [&call, &request, &response, place = *place, id = *operator_id](const ProvenOperator& proven) {
                    const KeySet& maker = call.deps().keys.current;
                    const auto session_by = [&call, &request, id](const KeySet& keys) {
                      return DeriveSession(keys, call.caller.principal_id, request.request_id(), id);
                    };
                    SignOn sign_on{place,
                                   call.snapshot->TerminalName(place.terminal_id),
                                   id,
                                   proven.stored_pin,
                                   TokenHash(session_by(maker)),
                                   maker.id};
                    Command command = CommandFor(call, call.method(), request);
                    command.payload = std::move(sign_on);
                    return SubmitWrite(call, std::move(command), [&call, &response, session_by](const Answer& answer) {
                      TakeResult(answer, *response.mutable_result());
                      if (const KeySet* then = call.deps().keys.Find(static_cast<KeyId>(response.result().secret_id())))
                        response.set_session(session_by(*then));
                    });
                  });
}

Status SignOffOperator(Call& call, const v1::SignOffOperatorRequest& request, v1::SignOffOperatorResponse& response) {
  Result<std::int64_t> operator_id = 0;
  auto place = PlaceOf(call, request, operator_id);
  if (!place) return place.error();
  Command command = CommandFor(call, call.method(), request);
  command.payload = SignOff{*place, *operator_id};
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

}  // namespace loyalty
