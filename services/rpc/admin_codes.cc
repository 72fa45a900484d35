// Codes that are typed at a till, once: made and ended by an administrator, used by whoever has one.
#include "domain/enrollment_code.h"
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/issue_key.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::EnrollmentCodeRow;

constexpr Instant kValid = 7 * kDayLength;
constexpr Instant kValidMin = kMinute;
constexpr Instant kValidMax = 30 * kDayLength;

// Keeps apart what is made with the key of codes.
enum class Use : unsigned char { kCode = 1, kHash = 2 };

// The code that a request gets: derived, as keys are (DeriveKey), so that a repeat answers the same one.
std::string DeriveCode(const KeySet& keys, std::int64_t asked_by, std::string_view request_id,
                       std::string_view terminal) {
  Digest digest(keys.codes);
  digest.Mark(static_cast<unsigned char>(Use::kCode));
  digest.Add(asked_by);
  digest.Add(request_id);
  digest.Add(terminal);
  const Bytes made = digest.Finish();
  std::array<unsigned char, 10> bits{};
  std::copy_n(made.value.begin(), bits.size(), bits.begin());
  return EnrollmentCode(bits);
}

// What is stored of a code (ReadEnrollmentCode).
Bytes HashOfCode(const KeySet& keys, std::string_view code) {
  constexpr unsigned char kEncoding = 1;
  Digest digest(keys.codes);
  digest.Mark(static_cast<unsigned char>(Use::kHash));
  digest.Add(code);
  return Stamped(kEncoding, keys.id, digest.Finish());
}

// One answer, whatever is wrong with a code.
Error CodeWrong() {
  return Error{Reason::kEnrollmentCodeWrong, "this code is not good: unknown, used, replaced, revoked or ended", {}};
}

// What a code is good for, and how it is stored; from memory, so that whoever guesses costs no read. A code that was
// used just before is good for the request that used it: whether it is that one, the write path sees.
struct GoodCode {
  CodeInfo info;
  Bytes hash;
};
std::optional<GoodCode> FindCode(const Call& call, const v1::EnrollTerminalRequest& request) {
  const auto code = ReadEnrollmentCode(request.code());
  if (!code) return std::nullopt;
  std::vector<const KeySet*> makers{&call.deps().keys.current};
  for (const KeySet& other : call.deps().keys.others) makers.push_back(&other);
  for (const KeySet* maker : makers) {
    Bytes hash = HashOfCode(*maker, *code);
    const auto at = call.snapshot->codes.find(hash.value);
    if (at == call.snapshot->codes.end()) continue;
    const CodeInfo& info = at->second;
    const bool is_good = info.used_time == 0 ? info.expire_time > call.now : info.used_time + kCodeReplay > call.now;
    const bool is_meant = request.terminal().empty() || request.terminal() == info.terminal;
    if (is_good && is_meant) return GoodCode{info, std::move(hash)};
  }
  return std::nullopt;
}

Error MustWait(Instant wait) {
  const std::string seconds = std::to_string((wait + kSecond - 1) / kSecond);
  return Error{Reason::kTooManyWrongCodes,
               "too many wrong codes from this address: it may try again in " + seconds + " s",
               {{"seconds", seconds}}};
}

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

Status EnrollByCode(Call& call, const v1::EnrollTerminalRequest& request, v1::EnrollTerminalResponse& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (request.has_expire_time()) return InvalidField("expire_time", "not with a code: the key is good for 400 days");
  const std::string network = call.network();
  const std::shared_ptr<WrongTries> tries = call.deps().wrong_codes;
  // Whatever was sent: an address that waits learns nothing.
  if (const Instant wait = tries->WaitOf(network, call.now); wait > 0) return MustWait(wait);
  const auto code = FindCode(call, request);
  if (!code) {
    tries->Wrong(network, call.now);
    return CodeWrong();
  }
  if (const Status own = CheckCertificate(call.origin().certificate, code->info.terminal); !own) return own;
  // The request is the terminal's from here on. It has no store yet, by whose language a refusal would tell that the
  // code is known.
  call.caller.principal_id = code->info.principal_id;
  auto names = ParseTerminalName("terminal", code->info.terminal);
  if (!names) return names.error();
  return IssueKey(call, request, response, code->info.terminal,
                  [names = *std::move(names), code = *code, tries, network](
                      const AdminStep& step, const std::string& hash, KeyId secret) -> Result<AdminOutcome> {
                    auto row = storage::ReadByKey<EnrollmentCodeRow>(step.session, code.info.terminal_id);
                    // Used by another request meanwhile, replaced or revoked.
                    if (!row || row->hash != code.hash || row->used_time != 0 || row->expire_time <= step.now()) {
                      tries->Wrong(network, step.now());
                      return CodeWrong();
                    }
                    const auto terminal = RequireTerminal(step, names.first, names.second);
                    if (!terminal) return terminal.error();
                    step.set.of<EnrollmentCodeRow>().Take(*std::move(row)).used_time = step.now();
                    const auto result =
                        AddTerminalKey(step, *terminal, code.info.terminal, hash, step.now() + kKeyLifeMax, secret);
                    return AdminOutcome{Made(result), "terminal.enroll_by_code", code.info.terminal, ""};
                  });
}

}  // namespace loyalty
