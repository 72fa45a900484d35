// Keys of all who call: named ones, and what terminals do with their own.
#include <charconv>

#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/issue_key.h"
#include "services/rpc/page_token.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::KeyRow;
using storage::PrincipalRow;

constexpr std::string_view kKeys = "keys/";
// Those that a key may be made for, and those of them that may be bound to a store.
constexpr RoleSet kNamedRoles{Role::kAdmin,   Role::kClerk,   Role::kMarketer,
                              Role::kAnalyst, Role::kAuditor, Role::kService};
constexpr RoleSet kStoreRoles{Role::kClerk, Role::kService};

// 0: empty. Errors: kKeyUnknown, of what is no id that was ever told.
Result<std::int64_t> ParseKeyId(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (!text.empty() && (error != std::errc() || end != text.data() + text.size() || id <= 0)) return KeyUnknown();
  return id;
}

v1::IssuedKey Issued(const PrincipalRow& principal, const KeyRow& key, KeyId secret) {
  v1::IssuedKey issued;
  issued.set_name(principal.name);
  issued.set_id(std::to_string(key.id));
  issued.set_role(static_cast<v1::Role>(principal.role));
  *issued.mutable_expire_time() = ToTimestamp(key.expire_time);
  issued.set_secret_id(secret);
  return issued;
}

v1::KeyState StateOf(const KeyRow& key, Instant now) {
  if (key.revoked_time != 0) return v1::KEY_STATE_REVOKED;
  if (key.expire_time <= now) return v1::KEY_STATE_EXPIRED;
  return key.replaced_by != 0 ? v1::KEY_STATE_ROTATED : v1::KEY_STATE_ACTIVE;
}

v1::AccessKey KeyMessage(const storage::ListedKey& listed, const Snapshot& snapshot, Instant now) {
  v1::AccessKey out;
  out.set_name(listed.principal.name);
  out.set_id(std::to_string(listed.key.id));
  out.set_role(static_cast<v1::Role>(listed.principal.role));
  if (const auto store = snapshot.store_names.find(listed.principal.store_id); store != snapshot.store_names.end())
    out.set_store("stores/" + store->second);
  out.set_state(StateOf(listed.key, now));
  *out.mutable_create_time() = ToTimestamp(listed.key.create_time);
  *out.mutable_expire_time() = ToTimestamp(listed.key.expire_time);
  if (listed.key.last_use_day != 0) out.set_last_use_date(FormatDay(listed.key.last_use_day));
  out.set_ending_soon(out.state() == v1::KEY_STATE_ACTIVE && listed.key.expire_time <= now + kEndingSoon);
  return out;
}

}  // namespace

Status CreateKey(Call& call, const v1::CreateKeyRequest& request, v1::CreateKeyResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (!IsResourceId(request.key_id())) return InvalidField("key_id", "1 to 40 characters of [A-Za-z0-9_.-]");
  const auto role = static_cast<Role>(request.role());
  if (!v1::Role_IsValid(request.role()) || !kNamedRoles.Has(role))
    return InvalidField("role", "CLERK, MARKETER, ANALYST, AUDITOR, SERVICE or ADMIN");
  if (!request.store().empty() && !kStoreRoles.Has(role)) return InvalidField("store", "of CLERK and SERVICE only");
  std::string store;
  if (!request.store().empty()) {
    auto name = ParseStoreName("store", request.store());
    if (!name) return name.error();
    store = *std::move(name);
  }
  const std::string name = std::string(kKeys) + request.key_id();
  return IssueKey(call, request, response, name,
                  [name, role, store, asked = request](const AdminStep& step, const std::string& hash,
                                                       KeyId secret) -> Result<AdminOutcome> {
                    const auto end = EndOfKey(asked.has_expire_time(), asked.expire_time(), step.now());
                    if (!end) return end.error();
                    const auto at = store.empty() ? std::nullopt : storage::FindStore(step.session, store);
                    if (!store.empty() && !at)
                      return Error{Reason::kStoreUnknown, "there is no such store", {{"store", asked.store()}}};
                    if (storage::FindPrincipal(step.session, name))
                      return Error{Reason::kKeyExists, "there is a key of this name: rotate it", {{"name", name}}};
                    PrincipalRow principal;
                    principal.id = step.draws.more[1];
                    principal.role = role;
                    principal.name = name;
                    principal.store_id = at ? at->id : 0;
                    principal.create_time = step.now();
                    const KeyRow& key = AddKey(step, principal.id, hash, *end);
                    const auto issued = Issued(principal, key, secret);
                    step.set.Put(std::move(principal));
                    return AdminOutcome{Made(issued), "key.create", name, v1::Role_Name(asked.role())};
                  });
}

Status RotateKey(Call& call, const v1::RotateKeyRequest& request, v1::RotateKeyResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (const Status ok = CheckPrincipalName(request.name()); !ok) return ok;
  const bool is_said = request.has_overlap();
  const Instant overlap = is_said ? request.overlap().seconds() * kSecond : kOverlap;
  if (is_said && (request.overlap().seconds() < 0 || request.overlap().seconds() > kOverlapMax / kSecond ||
                  request.overlap().nanos() != 0))
    return InvalidField("overlap", "whole seconds, 0 to 30 days");
  return IssueKey(
      call, request, response, request.name(),
      [overlap, asked = request](const AdminStep& step, const std::string& hash, KeyId secret) -> Result<AdminOutcome> {
        const auto end = EndOfKey(asked.has_expire_time(), asked.expire_time(), step.now());
        if (!end) return end.error();
        const auto principal = storage::FindPrincipal(step.session, asked.name());
        if (!principal) return KeyUnknown();
        auto others = storage::ReadKeysOf(step.session, principal->id);
        if (const Status ok = CheckRoomForKey(others, step.now()); !ok) return ok.error();
        const KeyRow& key = AddKey(step, principal->id, hash, *end);
        auto issued = Issued(*principal, key, secret);
        Instant last = 0;
        for (KeyRow& other : others) {
          if (!IsValid(other, step.now())) continue;
          KeyRow& row = step.set.of<KeyRow>().Take(std::move(other));
          row.expire_time = std::min(row.expire_time, step.now() + overlap);
          row.replaced_by = key.id;
          last = std::max(last, row.expire_time);
        }
        if (last != 0) *issued.mutable_others_expire_time() = ToTimestamp(last);
        return AdminOutcome{Made(issued), "key.rotate", asked.name(), ""};
      });
}

Status RevokeKey(Call& call, const v1::RevokeKeyRequest& request, v1::RevokeKeyResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (const Status ok = CheckPrincipalName(request.name()); !ok) return ok;
  const auto id = ParseKeyId(request.id());
  if (!id) return id.error();
  auto command =
      AdminCommandFor(call, request, [id = *id, name = request.name()](const AdminStep& step) -> Result<AdminOutcome> {
        const auto principal = storage::FindPrincipal(step.session, name);
        if (!principal) return KeyUnknown();
        const auto key = id == 0 ? std::nullopt : storage::ReadByKey<KeyRow>(step.session, id);
        if (id != 0 && (!key || key->principal_id != principal->id)) return KeyUnknown();
        v1::RevokeKeyResponse result;
        result.set_revoked_keys(RevokeKeys(step, principal->id, id));
        if (id == 0 && principal->terminal_id != 0) EndSessionsAt(step, principal->terminal_id);
        return AdminOutcome{Made(result), "key.revoke", name, id == 0 ? "all" : std::to_string(id)};
      });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

Status RenewKey(Call& call, const v1::RenewKeyRequest& request, v1::RenewKeyResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  const auto name = call.snapshot->terminal_names.find(call.caller.terminal_id);
  if (name == call.snapshot->terminal_names.end())
    return Error{Reason::kPermissionDenied, "this key belongs to no terminal", {}};
  return IssueKey(
      call, request, response, name->second,
      [caller = call.caller](const AdminStep& step, const std::string& hash, KeyId secret) -> Result<AdminOutcome> {
        auto own = storage::ReadByKey<KeyRow>(step.session, caller.key_id);
        const auto principal = storage::ReadByKey<PrincipalRow>(step.session, caller.principal_id);
        if (!own || !principal || !IsValid(*own, step.now()))
          return Error{Reason::kUnauthenticated, "this key has ended", {}};
        const Instant from = own->expire_time - kRenewableBefore;
        if (step.now() < from)
          return Error{Reason::kKeyNotEnding,
                       "this key may be renewed from 60 days before its end on: " + FormatTime(from),
                       {{"renewable_time", FormatTime(from)}}};
        if (const Status ok = CheckRoomForKey(storage::ReadKeysOf(step.session, principal->id), step.now()); !ok)
          return ok.error();
        const KeyRow& key = AddKey(step, principal->id, hash, step.now() + kKeyLifeMax);
        auto issued = Issued(*principal, key, secret);
        *issued.mutable_others_expire_time() = ToTimestamp(own->expire_time);
        step.set.of<KeyRow>().Take(*std::move(own)).replaced_by = key.id;
        return AdminOutcome{Made(issued), "key.renew", principal->name, ""};
      });
}

Status ListKeys(Call& call, const v1::ListKeysRequest& request, v1::ListKeysResponse& response) {
  const std::string scope = "keys|" + request.name() + (request.ending_soon() ? "|soon" : "");
  if (!request.name().empty())
    if (const Status ok = CheckPrincipalName(request.name()); !ok) return ok;
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(call, [&call, &request, &response, scope](storage::Session& session) -> Result<bool> {
    const auto principal = request.name().empty() ? std::nullopt : storage::FindPrincipal(session, request.name());
    if (!request.name().empty() && !principal) return KeyUnknown();
    const int size = *PageSize(request.page_size());
    const std::string position = *ReadPageToken(call.deps().keys, scope, request.page_token());
    auto keys = storage::ReadKeysAfter(session, principal ? principal->id : 0,
                                       position.empty() ? 0 : std::stoll(position), size + 1);
    response.Clear();
    if (static_cast<int>(keys.size()) > size) {
      keys.pop_back();
      response.set_next_page_token(MakePageToken(call.deps().keys, scope, std::to_string(keys.back().key.id)));
    }
    for (const auto& key : keys) {
      v1::AccessKey message = KeyMessage(key, *call.snapshot, call.now);
      if (!request.ending_soon() || message.ending_soon()) *response.add_keys() = std::move(message);
    }
    return true;
  });
}

}  // namespace loyalty
