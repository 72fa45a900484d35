#include "retention/holm.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

// The example of the article "Holm-Bonferroni method" of Wikipedia: at 5 % the first and the fourth are rejected.
TEST(HolmAdjust, KnownExample) {
  EXPECT_THAT(
      HolmAdjust(std::vector<double>{0.01, 0.04, 0.03, 0.005}),
      ElementsAre(DoubleNear(0.03, 1e-15), DoubleNear(0.06, 1e-15), DoubleNear(0.06, 1e-15), DoubleNear(0.02, 1e-15)));
}

TEST(HolmAdjust, OneTestStaysAsItIs) {
  EXPECT_THAT(HolmAdjust(std::vector<double>{0.03}), ElementsAre(0.03));
  EXPECT_TRUE(HolmAdjust({}).empty());
}

// The procedure as Holm states it: from the smallest on, reject while p <= alpha / tests left.
TEST(HolmAdjust, RejectsWhatTheStepwiseProcedureRejects) {
  test::Check(
      [] {
        const auto ppm = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200'000));
        std::vector<double> p_values;
        for (const int value : ppm) p_values.push_back((value + 0.5) / 1e6);
        const auto adjusted = HolmAdjust(p_values);
        auto sorted = p_values;
        std::sort(sorted.begin(), sorted.end());
        std::size_t rejected = 0;
        while (rejected < sorted.size() && sorted[rejected] < 0.05 / static_cast<double>(sorted.size() - rejected))
          ++rejected;
        RC_ASSERT(static_cast<std::size_t>(
                      std::count_if(adjusted.begin(), adjusted.end(), [](double p) { return p < 0.05; })) == rejected);
        for (std::size_t i = 0; i < p_values.size(); ++i) RC_ASSERT(adjusted[i] >= p_values[i] && adjusted[i] <= 1);
      },
      5);
}

}  // namespace
}  // namespace loyalty::retention
