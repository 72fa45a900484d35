// A large program: members that have bought once, as the server would have written them but for what seals them.
#pragma once

#include <cstdint>

#include "tests/bench/raw_database.h"

namespace loyalty::test {

// Adds members with cards 26NNNNNNNN from `from` to `to` - 1 (TypicalScan's numbering), each a copy of one that has
// bought once: member, card, lot and entry. Their seals are those of the one they copy, which no server looks at;
// `loyaltyd verify` would refuse them. By statements of many rows, with progress on stderr.
void FillMembers(RawDatabase& database, std::int64_t from, std::int64_t to);

}  // namespace loyalty::test
