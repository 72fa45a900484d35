// Properties, checked by rapidcheck, whose failures can be kept.
//
// A property that fails prints one line with its seed and appends it to failed_properties.txt in the working directory.
// Copied into tests/data/regressions.txt, the line runs first in every later run. RC_PARAMS works as rapidcheck says:
// RC_PARAMS="seed=42 max_success=10000" domain_test --gtest_filter=Ledger*
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <istream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loyalty::test {

// Checks the property of the running test: a callable that generates what it needs and asserts with RC_ASSERT.
// `times` multiplies the number of cases (100 by default). Reports a failure to gtest.
void CheckProperty(const rc::detail::Property& property, int times);

template <typename Callable>
void Check(Callable&& callable, int times = 1) {
  CheckProperty(rc::detail::toProperty(std::forward<Callable>(callable)), times);
}

// True when rapidcheck finds a counterexample, silently and from a fixed seed: shows that a property can fail.
bool FindsCounterexample(const rc::detail::Property& property, int cases);

template <typename Callable>
bool Refutes(Callable&& callable, int cases = 500) {
  return FindsCounterexample(rc::detail::toProperty(std::forward<Callable>(callable)), cases);
}

// The RC_PARAMS pinned for a property, in the format of tests/data/regressions.txt.
std::vector<std::string> PinnedParams(std::istream& regressions, std::string_view property);

}  // namespace loyalty::test
