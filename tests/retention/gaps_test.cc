#include "retention/gaps.h"

#include <gtest/gtest.h>

#include <vector>

namespace loyalty::retention {
namespace {

TEST(Gaps, QuantilesLieBetweenNeighbours) {
  Gaps gaps;
  gaps.Add(std::vector<Day>{10, 11, 15});  // 1, 4
  gaps.Add(std::vector<Day>{0, 2, 12});    // 2, 10
  gaps.Add(std::vector<Day>{7});
  gaps.Add({});
  EXPECT_EQ(gaps.count(), 4);
  EXPECT_EQ(gaps.Mean(), 4.25);
  EXPECT_EQ(gaps.Quantile(0), 1);
  EXPECT_EQ(gaps.Quantile(0.25), 1.75);
  EXPECT_EQ(gaps.Quantile(0.5), 3);
  EXPECT_EQ(gaps.Quantile(0.75), 5.5);
  EXPECT_EQ(gaps.Quantile(1), 10);
  EXPECT_EQ(gaps.Quantile(7), 10);
}

TEST(Gaps, WithoutGapsThereIsNoAnswer) {
  Gaps gaps;
  gaps.Add(std::vector<Day>{7});
  EXPECT_EQ(gaps.Mean(), std::nullopt);
  EXPECT_EQ(gaps.Quantile(0.5), std::nullopt);
}

}  // namespace
}  // namespace loyalty::retention
