// Log lines: one JSON object each on stderr, for people with jq and for collectors. No personal data.
#pragma once

namespace loyalty {

// Sets spdlog's default logger up. Call once, before threads start.
void StartLog();

}  // namespace loyalty
