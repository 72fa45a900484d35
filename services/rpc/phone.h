// Phone numbers as customers say them.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.h"

namespace loyalty {

// The number in E.164, the same one however it was written: "+49 (0)30 1234567", "0049 30 1234567" and, in Germany,
// "030 1234567". `country` (ISO 3166) is where numbers without a country code belong to; empty: not known, then they
// need one. Thread safe; the first call of a process reads its tables. Errors: kInvalidArgument
// (identifier.phone): what is no number, or cannot be one for its length.
Result<std::string> ToE164(std::string_view text, std::string_view country);

}  // namespace loyalty
