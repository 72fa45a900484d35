#include "tests/support/property.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <sstream>

namespace loyalty::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PropertySupport, PinnedLinesAreFoundByTheirName) {
  const auto pinned = [](std::string_view name) {
    std::istringstream file(
        "# a comment\n\nLedger/Adds seed=7 max_success=300   # lost a point\n  Ledger/Adds   seed=8\nLedger/AddsUp "
        "seed=9\n");
    return PinnedParams(file, name);
  };
  EXPECT_THAT(pinned("Ledger/Adds"), ElementsAre("seed=7 max_success=300", "seed=8"));
  EXPECT_THAT(pinned("Ledger/AddsUp"), ElementsAre("seed=9"));
  EXPECT_THAT(pinned("Ledger"), IsEmpty());
}

TEST(PropertySupport, FalsePropertyIsRefutedAndTrueOneIsNot) {
  EXPECT_TRUE(Refutes([](std::vector<int> numbers) { RC_ASSERT(numbers.size() < 20); }));
  EXPECT_FALSE(Refutes([](std::vector<int> numbers) { RC_ASSERT(numbers.size() < 100'000); }));
}

}  // namespace
}  // namespace loyalty::test
