// The secrets of a program as a text: what stands in chain.key.
#pragma once

#include <string>
#include <string_view>

#include "domain/keys.h"
#include "domain/result.h"

namespace loyalty {

// A line for each, "ID KEY" or, of the one that makes what is new, "ID KEY current": ids ascend, a key is 64
// hexadecimal digits. Errors: kInvalidArgument, which names the line and never the key.
Result<Secrets> ParseSecrets(std::string_view text);
std::string SecretsText(const Secrets& secrets);

}  // namespace loyalty
