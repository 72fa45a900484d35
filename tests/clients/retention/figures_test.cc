#include "clients/retention/figures.h"

#include <gtest/gtest.h>

#include <limits>

namespace loyalty::client {
namespace {

TEST(Figures, AreShortAndNeverMinusZero) {
  EXPECT_EQ(Fixed(-0.0001, 2), "0.00");
  EXPECT_EQ(Fixed(std::numeric_limits<double>::infinity(), 2), "unknown");
  EXPECT_EQ(Signed(1.25, 2), "+1.25");
  EXPECT_EQ(Percent(0.1234, 1), "12.3 %");
  EXPECT_EQ(Bar(0.001, 1, 10), "#") << "whoever is there gets a mark";
  EXPECT_EQ(Bar(0, 1, 10), "");
  EXPECT_EQ(Bar(2, 1, 4), "####");
}

}  // namespace
}  // namespace loyalty::client
