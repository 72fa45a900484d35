#include "retention/lift_rate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

namespace loyalty::retention {
namespace {

constexpr double kAlpha = 0.05;

struct Published {
  RateArm treated;
  RateArm control;
  Interval interval;
};

// Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10: all eight examples.
TEST(NewcombeInterval, PublishedExamples) {
  for (const auto& [treated, control, interval] : {Published{{70, 56}, {80, 48}, {0.0524, 0.3339}},
                                                   {{10, 9}, {10, 3}, {0.1705, 0.8090}},
                                                   {{7, 6}, {7, 2}, {0.0582, 0.8062}},
                                                   {{56, 5}, {29, 0}, {-0.0381, 0.1926}},
                                                   {{10, 0}, {20, 0}, {-0.1611, 0.2775}},
                                                   {{10, 0}, {10, 0}, {-0.2775, 0.2775}},
                                                   {{10, 10}, {20, 0}, {0.6791, 1.0000}},
                                                   {{10, 10}, {10, 0}, {0.6075, 1.0000}}}) {
    const Interval computed = NewcombeInterval(treated, control, kAlpha);
    EXPECT_NEAR(computed.low, interval.low, 0.5e-4);
    EXPECT_NEAR(computed.high, interval.high, 0.5e-4);
    const Interval mirrored = NewcombeInterval(control, treated, kAlpha);
    EXPECT_NEAR(mirrored.low, -computed.high, 1e-15);
    EXPECT_NEAR(mirrored.high, -computed.low, 1e-15);
  }
}

// Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
TEST(WilsonInterval, PublishedExamples) {
  for (const auto& [arm, low, high] : {std::tuple{RateArm{263, 81}, 0.2553, 0.3662},
                                       {{148, 15}, 0.0624, 0.1605},
                                       {{20, 0}, 0, 0.1611},
                                       {{29, 1}, 0.0061, 0.1718}}) {
    EXPECT_NEAR(WilsonInterval(arm, kAlpha).low, low, 0.5e-4);
    EXPECT_NEAR(WilsonInterval(arm, kAlpha).high, high, 0.5e-4);
  }
}

TEST(Intervals, EmptyArmsKnowNothing) {
  EXPECT_EQ(WilsonInterval({}, kAlpha).low, 0);
  EXPECT_EQ(WilsonInterval({}, kAlpha).high, 1);
  EXPECT_EQ(NewcombeInterval({}, {10, 3}, kAlpha).low, -1);
  EXPECT_EQ(NewcombeInterval({10, 3}, {}, kAlpha).high, 1);
  EXPECT_EQ(TwoProportionP({}, {10, 3}), 1);
}

// Physicians' Health Study, myocardial infarctions under placebo and aspirin, as in Agresti 2007, "An Introduction to
// Categorical Data Analysis", section 2.2.3: ratio 1.82, interval 1.43 to 2.30.
TEST(RelativeLift, PhysiciansHealthStudy) {
  const auto lift = MeasureRelativeLift({11'034, 189}, {11'037, 104}, kAlpha);
  ASSERT_TRUE(lift);
  EXPECT_NEAR(lift->lift, 0.82, 0.005);
  EXPECT_NEAR(lift->interval.low, 0.43, 0.005);
  EXPECT_NEAR(lift->interval.high, 1.30, 0.0065);
}

TEST(RelativeLift, WithoutBuyersThereIsNoRatio) {
  EXPECT_FALSE(MeasureRelativeLift({10, 0}, {10, 3}, kAlpha));
  EXPECT_FALSE(MeasureRelativeLift({10, 3}, {10, 0}, kAlpha));
}

// The square of z is Pearson's chi-square of the table: by hand for 60 of 100 against 40 of 100, z^2 = 8.
TEST(TwoProportionP, IsPearsonsTestOfTheTable) {
  EXPECT_NEAR(TwoProportionP({100, 60}, {100, 40}), std::erfc(2), 1e-15);
  EXPECT_EQ(TwoProportionP({100, 40}, {100, 60}), TwoProportionP({100, 60}, {100, 40}));
  EXPECT_EQ(TwoProportionP({100, 50}, {100, 50}), 1);
  EXPECT_EQ(TwoProportionP({100, 0}, {100, 0}), 1);
  EXPECT_EQ(TwoProportionP({100, 100}, {100, 100}), 1);
}

}  // namespace
}  // namespace loyalty::retention
