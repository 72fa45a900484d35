// What happens to a terminal after it was made: numbering, keys.
#include <sodium.h>

#include "domain/earning.h"
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"

namespace loyalty {
namespace {

constexpr Instant kKeyLife = 400 * kDayLength;
constexpr Instant kKeyLifeMax = 3'660 * kDayLength;  // every key ends

// The key is derived, not drawn, so that a repeat answers the same one although only its hash is stored.
// A request id is one for its principal only.
std::string TerminalKey(const KeySet& keys, std::int64_t principal_id, std::string_view request_id,
                        std::string_view terminal) {
  std::string text = std::to_string(principal_id) + "|";
  text.append(request_id).append("|").append(terminal);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         keys.terminals.data());
  std::string hex(mac.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
  hex.pop_back();
  return "lt_" + hex;
}

// The names in a request about a terminal. Errors: kInvalidArgument.
template <typename Request>
Result<std::pair<std::string, std::string>> CheckedTerminal(const Request& request) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok.error();
  return ParseTerminalName("terminal", request.terminal());
}

// The terminal of a resource name, within an admin command. Errors: kTerminalUnknown.
Result<storage::TerminalRow> RequireTerminal(storage::Session& session, const std::string& store,
                                             const std::string& terminal) {
  const auto store_row = storage::FindStore(session, store);
  auto row = store_row ? storage::FindTerminal(session, store_row->id, terminal) : std::nullopt;
  if (!row) return Error{Reason::kTerminalUnknown, "there is no such terminal", {}};
  return *std::move(row);
}

// A key for the terminal, whose principal is made with its first one.
void AddKey(const AdminStep& step, const storage::TerminalRow& terminal, const std::string& name,
            const std::string& hash, Instant expire_time) {
  const auto known = storage::FindTerminalPrincipal(step.session, terminal.id);
  storage::KeyRow key;
  key.id = step.draws.more[0];
  key.principal_id = known ? known->id : step.draws.more[1];
  key.hash = hash;
  key.expire_time = expire_time;
  key.create_time = step.now();
  if (!known) {
    storage::PrincipalRow principal;
    principal.id = key.principal_id;
    principal.kind = storage::PrincipalKind::kTerminal;
    principal.name = name;
    principal.store_id = terminal.store_id;
    principal.terminal_id = terminal.id;
    principal.create_time = step.now();
    step.set.Put(std::move(principal));
  }
  step.set.Put(std::move(key));
}

// Revokes the terminal's keys that are still valid; returns how many those were.
int RevokeKeys(const AdminStep& step, std::int64_t terminal_id) {
  const auto principal = storage::FindTerminalPrincipal(step.session, terminal_id);
  int revoked = 0;
  for (auto& row : principal ? storage::ReadKeysOf(step.session, principal->id) : std::vector<storage::KeyRow>()) {
    if (row.revoked_time != 0 || row.expire_time <= step.now()) continue;
    step.set.of<storage::KeyRow>().Take(row).revoked_time = step.now();
    ++revoked;
  }
  return revoked;
}

// From when a numbering that begins again counts. Errors: kInvalidArgument.
Result<Instant> StartOfEpoch(const AdminStep& step, const v1::RestartTerminalNumberingRequest& asked,
                             std::int64_t terminal_id) {
  const auto epochs = storage::ReadEpochsOf(step.session, terminal_id);
  const Instant first = epochs.empty() ? kFirstTime : epochs.back().start_time + 1;
  // Tills tell their time in seconds, people in minutes.
  if (!asked.has_start_time()) return std::max(step.now() - step.now() % kMinute, first);
  const Instant at = ToInstant(asked.start_time());
  if (at > step.now() || at < step.now() - kLateMax)
    return InvalidField("start_time", "not in the future, at most 40 days ago");
  if (at < first) return InvalidField("start_time", "after the start of the epoch before");
  return at;
}

}  // namespace

Status RestartTerminalNumbering(Call& call, const v1::RestartTerminalNumberingRequest& request,
                                v1::RestartTerminalNumberingResponse& response) {
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  auto command = AdminCommandFor(
      call, request, [names = *std::move(names), asked = request](const AdminStep& step) -> Result<AdminOutcome> {
        auto known = RequireTerminal(step.session, names.first, names.second);
        if (!known) return known.error();
        const auto start = StartOfEpoch(step, asked, known->id);
        if (!start) return start.error();
        storage::TerminalRow& terminal = step.set.of<storage::TerminalRow>().Take(*std::move(known));
        ++terminal.epoch;
        storage::TerminalEpochRow epoch;
        epoch.terminal_id = terminal.id;
        epoch.epoch = terminal.epoch;
        epoch.start_time = *start;
        epoch.create_time = step.now();
        step.set.Put(std::move(epoch));
        return AdminOutcome{Made(TerminalMessage(asked.terminal(), terminal.display_name, terminal.epoch)),
                            "terminal.restart_numbering", asked.terminal(), "epoch"};
      });
  return SubmitWrite(call, std::move(command),
                     [&response](const Answer& answer) { TakeResult(answer, *response.mutable_terminal()); });
}

Status EnrollTerminal(Call& call, const v1::EnrollTerminalRequest& request, v1::EnrollTerminalResponse& response) {
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  const KeySet& maker = call.deps().keys.current;
  const auto key_by = [principal_id = call.caller.principal_id, asked = request](const KeySet& keys) {
    return TerminalKey(keys, principal_id, asked.request_id(), asked.terminal());
  };
  auto command = AdminCommandFor(call, request,
                                 [names = *std::move(names), asked = request, key_id = maker.id,
                                  hash = TokenHash(key_by(maker))](const AdminStep& step) -> Result<AdminOutcome> {
                                   // Asked here, because a repeat of a key that has ended since must still answer.
                                   const Instant expire =
                                       asked.has_expire_time() ? ToInstant(asked.expire_time()) : step.now() + kKeyLife;
                                   if (expire <= step.now() || expire > step.now() + kKeyLifeMax)
                                     return InvalidField("expire_time", "in the future, at most 3660 days ahead");
                                   const auto terminal = RequireTerminal(step.session, names.first, names.second);
                                   if (!terminal) return terminal.error();
                                   AddKey(step, *terminal, asked.terminal(), hash, expire);
                                   v1::EnrollTerminalResult result;
                                   result.set_terminal(asked.terminal());
                                   *result.mutable_expire_time() = ToTimestamp(expire);
                                   result.set_secret_id(key_id);
                                   return AdminOutcome{Made(result), "terminal.enroll", asked.terminal(), ""};
                                 });
  return SubmitWrite(call, std::move(command), [&call, &response, key_by](const Answer& answer) {
    TakeResult(answer, *response.mutable_result());
    // A repeat may come after another secret became current. A request of a secret that is not known got no answer.
    if (const KeySet* then = call.deps().keys.Find(static_cast<KeyId>(response.result().secret_id())))
      response.set_key(key_by(*then));
  });
}

Status RevokeTerminal(Call& call, const v1::RevokeTerminalRequest& request, v1::RevokeTerminalResponse& response) {
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  auto command = AdminCommandFor(
      call, request,
      [names = *std::move(names), name = request.terminal()](const AdminStep& step) -> Result<AdminOutcome> {
        const auto terminal = RequireTerminal(step.session, names.first, names.second);
        if (!terminal) return terminal.error();
        v1::RevokeTerminalResponse result;
        result.set_revoked_keys(RevokeKeys(step, terminal->id));
        return AdminOutcome{Made(result), "terminal.revoke", name, "keys"};
      });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

}  // namespace loyalty
