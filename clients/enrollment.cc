#include "clients/enrollment.h"

#include <charconv>

#include "clients/key_output.h"
#include "clients/request_ids.h"

namespace loyalty::client {
namespace {

using Stub = v1::AdminService::Stub;

// Puts the code into a request on its way: what is kept of unfinished requests has none.
struct SenderOfCode {
  Stub& stub;
  const std::string& code;

  // NOLINTNEXTLINE(readability-convert-member-functions-to-static): a method as stubs have them
  grpc::Status Send(grpc::ClientContext* context, const v1::EnrollTerminalRequest& request,
                    v1::EnrollTerminalResponse* response) {
    v1::EnrollTerminalRequest with_code = request;
    with_code.set_code(code);
    return stub.EnrollTerminal(context, with_code, response);
  }
};

}  // namespace

std::optional<std::int64_t> SecondsOf(std::string_view text) {
  constexpr std::int64_t kOfMinute = 60, kOfHour = 3'600, kOfDay = 86'400, kMax = 30 * kOfDay;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end + 1 != text.data() + text.size() || number < 1 || number > kMax) return std::nullopt;
  const std::int64_t unit = *end == 'm' ? kOfMinute : *end == 'h' ? kOfHour : *end == 'd' ? kOfDay : 0;
  const std::int64_t seconds = number * unit;
  return seconds == 0 || seconds > kMax ? std::nullopt : std::optional(seconds);
}

Outcome CreateCode(const Session& session, const std::string& terminal, std::int64_t seconds,
                   v1::CreateEnrollmentCodeResponse& response) {
  v1::CreateEnrollmentCodeRequest request;
  request.set_terminal(terminal);
  request.mutable_valid()->set_seconds(seconds);
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{"make code", {}, false};
  return session.Mutate(*stub, &Stub::CreateEnrollmentCode, mutation, request, &response);
}

Outcome EnrollByCode(const Session& session, const std::string& code, const std::string& terminal,
                     const std::string& file, v1::EnrollTerminalResponse& response) {
  if (auto failed = CheckKeyFile(file)) return failed;
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::EnrollTerminalRequest request;
  request.set_terminal(terminal);
  SenderOfCode sender{*stub, code};
  // Another code is another request; what names it says nothing of it.
  Mutation mutation{"enrol this till", "enroll by code " + Fingerprint(code) + ' ' + terminal, false};
  const auto keep = [&file](const v1::EnrollTerminalResponse& answer) { return KeepKey(file, answer.key()); };
  if (auto failed = session.Mutate<SenderOfCode, v1::EnrollTerminalRequest, v1::EnrollTerminalResponse>(
          sender, &SenderOfCode::Send, mutation, request, &response, keep))
    return failed;
  response.clear_key();
  return {};
}

}  // namespace loyalty::client
