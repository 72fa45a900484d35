// What happens to a terminal after it was made: numbering, keys.
#include "domain/earning.h"
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/issue_key.h"

namespace loyalty {
namespace {

// The names in a request about a terminal. Errors: kInvalidArgument.
template <typename Request>
Result<std::pair<std::string, std::string>> CheckedTerminal(const Request& request) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok.error();
  return ParseTerminalName("terminal", request.terminal());
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

Result<storage::TerminalRow> RequireTerminal(const AdminStep& step, const std::string& store,
                                             const std::string& terminal) {
  const auto store_row = storage::FindStore(step.session, store);
  auto row = store_row ? storage::FindTerminal(step.session, store_row->id, terminal) : std::nullopt;
  if (!row) return Error{Reason::kTerminalUnknown, "there is no such terminal", {}};
  return *std::move(row);
}

std::int64_t PrincipalOf(const AdminStep& step, const storage::TerminalRow& terminal, const std::string& name) {
  if (const auto known = storage::FindTerminalPrincipal(step.session, terminal.id)) return known->id;
  storage::PrincipalRow principal;
  principal.id = step.draws.more[1];
  principal.role = Role::kTerminal;
  principal.name = name;
  principal.store_id = terminal.store_id;
  principal.terminal_id = terminal.id;
  principal.create_time = step.now();
  return step.set.Put(std::move(principal)).id;
}

v1::EnrollTerminalResult AddTerminalKey(const AdminStep& step, const storage::TerminalRow& terminal,
                                        const std::string& name, const std::string& hash, Instant expire_time,
                                        KeyId secret) {
  AddKey(step, PrincipalOf(step, terminal, name), hash, expire_time);
  v1::EnrollTerminalResult result;
  result.set_terminal(name);
  *result.mutable_expire_time() = ToTimestamp(expire_time);
  result.set_secret_id(secret);
  return result;
}

Status RestartTerminalNumbering(Call& call, const v1::RestartTerminalNumberingRequest& request,
                                v1::RestartTerminalNumberingResponse& response) {
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  auto command = AdminCommandFor(
      call, request, [names = *std::move(names), asked = request](const AdminStep& step) -> Result<AdminOutcome> {
        auto known = RequireTerminal(step, names.first, names.second);
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
  if (call.caller.role == Role::kNone)
    return request.code().empty() ? Status(KeyNeeded()) : EnrollByCode(call, request, response);
  if (!request.code().empty()) return InvalidField("code", "in a call without a key: it says who asks");
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  return IssueKey(call, request, response, request.terminal(),
                  [names = *std::move(names), asked = request](const AdminStep& step, const std::string& hash,
                                                               KeyId secret) -> Result<AdminOutcome> {
                    // Asked here, because a repeat of a key that has ended since must still answer.
                    const auto end = EndOfKey(asked.has_expire_time(), asked.expire_time(), step.now());
                    if (!end) return end.error();
                    const auto terminal = RequireTerminal(step, names.first, names.second);
                    if (!terminal) return terminal.error();
                    const auto result = AddTerminalKey(step, *terminal, asked.terminal(), hash, *end, secret);
                    return AdminOutcome{Made(result), "terminal.enroll", asked.terminal(), ""};
                  });
}

Status RevokeTerminal(Call& call, const v1::RevokeTerminalRequest& request, v1::RevokeTerminalResponse& response) {
  auto names = CheckedTerminal(request);
  if (!names) return names.error();
  auto command = AdminCommandFor(
      call, request,
      [names = *std::move(names), name = request.terminal()](const AdminStep& step) -> Result<AdminOutcome> {
        const auto terminal = RequireTerminal(step, names.first, names.second);
        if (!terminal) return terminal.error();
        v1::RevokeTerminalResponse result;
        const auto principal = storage::FindTerminalPrincipal(step.session, terminal->id);
        result.set_revoked_keys(principal ? RevokeKeys(step, principal->id) : 0);
        EndCode(step, terminal->id);
        EndSessionsAt(step, terminal->id);
        return AdminOutcome{Made(result), "terminal.revoke", name, "keys"};
      });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

}  // namespace loyalty
