// How a command ends: well, or with a Failure that says what was wrong and what to do, and the exit code of it.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace loyalty::client {

// Exit codes of both programs. Scripts depend on them: a number never changes its meaning.
enum class ExitCode : int {
  kOk = 0,            // done
  kRefused = 1,       // the server said no, for a reason of the program; for `verify`: the ledger is inconsistent
  kUsage = 2,         // the command line, a setting or the content of an input file is wrong; nothing was sent
  kSomeRejected = 3,  // a replay is through, but some receipts were rejected
  kUnreachable = 4,   // no answer after all tries; the same command resumes what is unfinished
  kLocalIo = 5,       // a local file could not be read or written
};

// Why a command could not do its work. Holds no keys and no personal data beyond what the user typed.
struct Failure {
  ExitCode code = ExitCode::kUsage;
  std::string what;         // what was wrong, and where
  std::string advice;       // what to do about it; may be empty
  std::string reason = {};  // the server's stable reason; empty when no server has refused
};

// Nothing when all went well, else the Failure.
struct [[nodiscard]] Outcome : std::optional<Failure> {
  using std::optional<Failure>::optional;
};

inline Failure UsageFailure(std::string what, std::string advice = {}) {
  return Failure{ExitCode::kUsage, std::move(what), std::move(advice)};
}
inline Failure LocalFailure(std::string what, std::string advice = {}) {
  return Failure{ExitCode::kLocalIo, std::move(what), std::move(advice)};
}

// Writes a Failure to stderr and answers its exit code; 0 without one. With `json` programs find it on stdout too:
// {"error": {"code": EXIT CODE, "reason": REASON, "message": TEXT}}, with the name of the exit code as reason where no
// server has refused.
int Report(const char* program, const Outcome& outcome, bool json = false);

}  // namespace loyalty::client
