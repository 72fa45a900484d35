// Log lines: one JSON object each on stderr, for people with jq and for collectors. No personal data.
#pragma once

#include <string>

namespace loyalty {

// Sets spdlog's default logger up. Call once, before threads start.
void StartLog();

// A line of a call that failed or was slow; `json`: an object, whose members become those of the line. `failing`: a
// warning.
void LogCall(bool failing, const std::string& json);

}  // namespace loyalty
