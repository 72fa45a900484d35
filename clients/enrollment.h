// Codes by which tills become terminals: made by an administrator, typed at a till, never in a command line, a log or
// a file of ours but a sheet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clients/failure.h"
#include "clients/session.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {

// Seconds of 90m, 48h or 30d, 1 minute to 30 days; nothing: it is no such time.
std::optional<std::int64_t> SecondsOf(std::string_view text);

// Makes the code of a terminal; a run that got no answer gets the same one again. Failures: those of Session::Mutate.
Outcome CreateCode(const Session& session, const std::string& terminal, std::int64_t seconds,
                   v1::CreateEnrollmentCodeResponse& response);

// Turns a code (ReadEnrollmentCode) into the key of its terminal, in a file; `terminal`: it must be this one's, where
// it is not empty. The session has no key. A run that got no answer gets the same key again, within 10 minutes.
// Failures: those of CheckKeyFile, Session::Mutate and KeepKey.
Outcome EnrollByCode(const Session& session, const std::string& code, const std::string& terminal,
                     const std::string& file, v1::EnrollTerminalResponse& response);

}  // namespace loyalty::client
