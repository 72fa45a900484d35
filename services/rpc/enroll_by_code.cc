// A till that has no key becomes a terminal by a code.
#include "services/codec/names.h"
#include "services/rpc/admin_service.h"
#include "services/rpc/enrollment_codes.h"
#include "services/rpc/issue_key.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::EnrollmentCodeRow;

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
