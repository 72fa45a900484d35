#include "clients/failure.h"

#include <cstdio>

#include "clients/text.h"

namespace loyalty::client {

int Report(const char* program, const Outcome& outcome) {
  if (!outcome) return static_cast<int>(ExitCode::kOk);
  std::fprintf(stderr, "%s: %s\n", program, Printable(outcome->what).c_str());
  if (!outcome->advice.empty()) std::fprintf(stderr, "  -> %s\n", Printable(outcome->advice).c_str());
  return static_cast<int>(outcome->code);
}

}  // namespace loyalty::client
