// Enrolment codes: how they are made, and what is stored of them.
#pragma once

#include <string>
#include <string_view>

#include "domain/enrollment_code.h"
#include "domain/keys.h"

namespace loyalty {

// The code that a request gets: derived, as keys are (DeriveKey), so that a repeat answers the same one although only
// its hash is stored.
std::string DeriveCode(const KeySet& keys, std::int64_t asked_by, std::string_view request_id,
                       std::string_view terminal);

// What is stored of a code (ReadEnrollmentCode); names its key.
Bytes HashOfCode(const KeySet& keys, std::string_view code);

}  // namespace loyalty
