// Values at which programs break.
#pragma once

#include <cstdint>
#include <string>

#include "domain/time.h"
#include "tests/fuzz/chance.h"

namespace loyalty::fuzz {

// Limits of types and of the API, and their neighbours.
std::int64_t InterestingNumber(Chance& chance);
// Seconds since 1970: around `now`, around the limits of what a till may name, years 0 and 9999 and beyond.
std::int64_t InterestingSeconds(Chance& chance, Instant now);
// NUL, controls, bidi, overlong and broken UTF-8, 64 KB, quotes, dates, currencies, zones, names of nothing.
std::string InterestingText(Chance& chance);

}  // namespace loyalty::fuzz
