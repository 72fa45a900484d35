// What servers are measured by, one alone or two against each other: how a shop gets there, and what it does in a turn.
#pragma once

#include "tests/bench/shop.h"

namespace loyalty::test {

// A million; few with --quick.
std::int64_t ManyMembers(const Plan& plan);

// Up to so many members; the server starts again after they were filled in. GrowDiverse: who differ, so that a
// classification finds something.
void Grow(Shop& shop, std::int64_t members);
void GrowDiverse(Shop& shop, std::int64_t members);

// The server starts anew, which takes Turn::seconds, and then has the load of P1 over `members`.
Side StartsAndScans(Shop& shop, std::string name, std::int64_t members);

// The load of P1 over `members` while all of them are classified under a new measure. Throws when that ends first, save
// with --quick.
Side ScansBesideClassification(const Plan& plan, Shop& shop, std::string name, std::int64_t members);

// All members classified under a new measure, which takes Turn::seconds.
Side Classifications(Shop& shop, std::string name);

}  // namespace loyalty::test
