// docs/BENCHMARKS.md.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/figure.h"
#include "tests/bench/side.h"

namespace loyalty::test {

// The whole page: how it was measured, on what machine, and what came of it.
std::string PageOf(const std::vector<Figure>& figures, const Plan& plan, const std::string& commit);

}  // namespace loyalty::test
