#include "tests/bench/interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace loyalty::test {
namespace {

std::vector<double> OneTo(int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 1);
  return values;
}

TEST(MedianInterval, LiesBetweenOrderStatistics) {
  // Of 15 the 4th to the 12th cover 96.48 %, the 5th to the 11th 88.15 %; 90 % is 0.9064 of the way inwards.
  const Interval interval = MedianInterval(OneTo(15));
  EXPECT_NEAR(interval.low, 4.9064, 1e-3);
  EXPECT_NEAR(interval.high, 11.0936, 1e-3);
}

TEST(MedianInterval, DoesNotDependOnTheOrder) {
  std::vector<double> values = OneTo(15);
  std::reverse(values.begin(), values.end());
  EXPECT_EQ(MedianInterval(values).low, MedianInterval(OneTo(15)).low);
}

TEST(MedianInterval, IsAllThereIsOfFewValues) {
  EXPECT_EQ(MedianInterval({}).high, 0);
  EXPECT_EQ(MedianInterval({7}).low, 7);
  EXPECT_EQ(MedianInterval({7}).high, 7);
  EXPECT_EQ(MedianInterval({3, 1, 2, 4}).low, 1);
  EXPECT_EQ(MedianInterval({3, 1, 2, 4}).high, 4);
  EXPECT_GT(MedianInterval(OneTo(5)).low, 1);
}

TEST(MedianInterval, HoldsTheMedianAsOftenAsItSays) {
  std::mt19937_64 random(11);
  std::exponential_distribution<double> skewed(std::log(2.0));  // its median is 1
  constexpr int kTries = 20'000;
  int held = 0;
  for (int i = 0; i < kTries; ++i) {
    std::vector<double> values(15);
    for (double& value : values) value = skewed(random);
    const Interval interval = MedianInterval(values);
    held += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(held / static_cast<double>(kTries), 0.90, 0.01);
}

}  // namespace
}  // namespace loyalty::test
