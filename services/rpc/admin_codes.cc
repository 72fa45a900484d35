// Codes that are typed at a till, once: made and ended by an administrator.
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/enrollment_codes.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::EnrollmentCodeRow;

constexpr Instant kValid = 7 * kDayLength;
constexpr Instant kValidMin = kMinute;
constexpr Instant kValidMax = 30 * kDayLength;

}  // namespace

bool EndCode(const AdminStep& step, std::int64_t terminal_id) {
  auto row = storage::ReadByKey<EnrollmentCodeRow>(step.session, terminal_id);
  if (!row || row->used_time != 0 || row->expire_time <= step.now()) return false;
  step.set.of<EnrollmentCodeRow>().Take(*std::move(row)).expire_time = step.now();
  return true;
}

Status CreateEnrollmentCode(Call& call, const v1::CreateEnrollmentCodeRequest& request,
                            v1::CreateEnrollmentCodeResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  auto names = ParseTerminalName("terminal", request.terminal());
  if (!names) return names.error();
  // Before it is multiplied: a number of seconds that is not meant must not overflow.
  const bool in_range = request.valid().seconds() >= kValidMin / kSecond &&
                        request.valid().seconds() <= kValidMax / kSecond && request.valid().nanos() == 0;
  if (request.has_valid() && !in_range) return InvalidField("valid", "whole seconds, 1 minute to 30 days");
  const Instant valid = request.has_valid() ? request.valid().seconds() * kSecond : kValid;
  const auto code_by = [asked_by = call.caller.principal_id, id = request.request_id(), terminal = request.terminal()](
                           const KeySet& keys) { return DeriveCode(keys, asked_by, id, terminal); };
  const KeySet& maker = call.deps().keys.current;
  auto command = AdminCommandFor(
      call, request,
      [names = *std::move(names), name = request.terminal(), valid, secret = maker.id,
       hash = HashOfCode(maker, *ReadEnrollmentCode(code_by(maker)))](const AdminStep& step) -> Result<AdminOutcome> {
        const auto terminal = RequireTerminal(step, names.first, names.second);
        if (!terminal) return terminal.error();
        PrincipalOf(step, *terminal, name);  // whose the request with the code will be
        auto known = storage::ReadByKey<EnrollmentCodeRow>(step.session, terminal->id);
        EnrollmentCodeRow row;
        row.terminal_id = terminal->id;
        EnrollmentCodeRow& code =
            known ? step.set.of<EnrollmentCodeRow>().Take(*std::move(known)) : step.set.Put(std::move(row));
        code.hash = hash;
        code.expire_time = step.now() + valid;
        code.used_time = 0;
        code.create_time = step.now();
        v1::EnrollmentCode result;
        result.set_terminal(name);
        *result.mutable_expire_time() = ToTimestamp(code.expire_time);
        result.set_secret_id(secret);
        return AdminOutcome{Made(result), "terminal.code", name, ""};
      });
  return SubmitWrite(call, std::move(command), [&call, &response, code_by](const Answer& answer) {
    TakeResult(answer, *response.mutable_result());
    if (const KeySet* then = call.deps().keys.Find(static_cast<KeyId>(response.result().secret_id())))
      response.set_code(code_by(*then));
  });
}

Status RevokeEnrollmentCode(Call& call, const v1::RevokeEnrollmentCodeRequest& request,
                            v1::RevokeEnrollmentCodeResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  auto names = ParseTerminalName("terminal", request.terminal());
  if (!names) return names.error();
  auto command = AdminCommandFor(
      call, request,
      [names = *std::move(names), name = request.terminal()](const AdminStep& step) -> Result<AdminOutcome> {
        const auto terminal = RequireTerminal(step, names.first, names.second);
        if (!terminal) return terminal.error();
        v1::RevokeEnrollmentCodeResponse result;
        result.set_revoked(EndCode(step, terminal->id));
        return AdminOutcome{Made(result), "terminal.revoke_code", name, ""};
      });
  return SubmitWrite(call, std::move(command), [&response](const Answer& answer) { TakeResult(answer, response); });
}

}  // namespace loyalty
