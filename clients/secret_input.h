// What only a person knows: from a file or from the terminal, never from the command line, where everybody on the
// machine can read it.
#pragma once

#include <string>

#include "domain/result.h"

namespace loyalty::client {

// The first line of the file; without a file what is typed on the terminal, which does not show it. Errors:
// kUnavailable (no such file, no terminal), kInvalidArgument (what came is no PIN: 4 to 12 digits).
Result<std::string> ReadPin(const std::string& prompt, const std::string& file);

// The same for a PIN that is new: typed twice. Errors: as above, and kInvalidArgument for one that is guessed first,
// and for two that differ.
Result<std::string> ReadNewPin(const std::string& prompt, const std::string& file);

}  // namespace loyalty::client
