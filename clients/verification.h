// What a verification found, for people or for programs.
#pragma once

#include <string>

#include "clients/session.h"
#include "clients/table.h"

namespace loyalty::client {

// Prints a response with `consistent` and `first_difference`; people see `counts` of what was checked before it.
// kRefused when `what` (for instance "the ledger") is inconsistent.
template <typename Response>
Outcome ShowVerification(const Session& session, const Response& response, FactSheet counts, const std::string& what,
                         const std::string& advice) {
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    counts.Add("Consistent", response.consistent() ? "yes" : "NO");
    Print(counts.Render());
  }
  if (response.consistent()) return {};
  return Failure{ExitCode::kRefused, what + " inconsistent: " + response.first_difference(), advice};
}

}  // namespace loyalty::client
