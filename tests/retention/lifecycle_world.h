// Members and measures for tests of the lifecycle.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "retention/transition.h"

namespace loyalty::test {

// A shop of Erlang-k customers with cut points in the middle of what AnyBuyer makes; `modelled` false: no model.
retention::Measure AnyMeasure(int k, bool modelled);

// Up to 12 purchase days over three years, some of one season only; ascending.
rc::Gen<std::vector<retention::MemberDay>> AnyPurchases();

}  // namespace loyalty::test
