// Rules of short texts in requests.
#pragma once

#include <string_view>

#include "domain/result.h"

namespace loyalty {

// At most `max` characters (code points), no control characters. Errors: kInvalidArgument (`field`).
Status CheckDisplayText(std::string_view field, std::string_view text, std::size_t max);

// BCP 47 by shape: letters, digits and hyphens, 2 to 16. Empty is allowed. Errors: kInvalidArgument (`field`).
Status CheckLanguage(std::string_view field, std::string_view code);

// A country of ISO 3166 by shape: two capital letters. Empty is allowed. Errors: kInvalidArgument (`field`).
Status CheckRegion(std::string_view field, std::string_view code);

}  // namespace loyalty
