// Ways to abuse the API itself, as whoever has read its protos can.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/attack.h"

namespace loyalty::test {

// Each from forty addresses at once, 127.0.0.10 and up: streams without a key; streams on which a key says nothing; a
// key that scans, and one that waits for what never comes, as often as they can. `key`: of terminal T2. `member`: whom
// to read.
std::vector<Pattern> CallPatterns(const std::string& key, const std::string& member);

}  // namespace loyalty::test
