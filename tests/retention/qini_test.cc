#include "retention/qini.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace loyalty::retention {
namespace {

TEST(Qini, GainByHand) {
  EXPECT_EQ((QiniPoint{.treated = 80, .control = 20, .treated_buyers = 30, .control_buyers = 5}.Gain()), 10);
  EXPECT_EQ((QiniPoint{.treated = 80, .treated_buyers = 30}.Gain()), 0) << "no control, no knowledge";
}

TEST(Qini, CurveByHand) {
  // The first half is moved by the campaign, the second is not.
  const std::vector<UpliftMember> members = {{4, true, true},   {3, false, false}, {2, true, false},
                                             {1, false, false}, {0.5, true, true}, {0.25, false, true}};
  const auto curve = QiniCurve(members, 3);
  ASSERT_EQ(curve.size(), 3U);
  EXPECT_EQ(curve[0].members(), 2);
  EXPECT_EQ(curve[0].Gain(), 1);
  EXPECT_EQ(curve[1].Gain(), 1);
  EXPECT_EQ(curve[2].treated_buyers, 2);
  EXPECT_EQ(curve[2].control_buyers, 1);
  EXPECT_EQ(curve[2].Gain(), 1);
  // Trapezoids 1/6 + 1/3 + 1/3 less the triangle 1/2, for three treated.
  EXPECT_NEAR(QiniCoefficient(curve), 1.0 / 9, 1e-15);
}

TEST(Qini, PartEndsAfterItsTies) {
  std::vector<UpliftMember> members(100, {1, true, true});
  for (std::size_t i = 50; i < 100; ++i) members[i] = {0, false, false};
  const auto curve = QiniCurve(members, 10);
  ASSERT_EQ(curve.size(), 2U);
  EXPECT_EQ(curve[0].members(), 50);
  EXPECT_EQ(curve[1].members(), 100);
  // After a tie over five parts the next one ends at the next tenth.
  for (std::size_t i = 50; i < 100; ++i) members[i].uplift = -static_cast<double>(i);
  const auto behind = QiniCurve(members, 10);
  ASSERT_EQ(behind.size(), 6U);
  EXPECT_EQ(behind[1].members(), 60);
  EXPECT_TRUE(QiniCurve({}).empty());
  EXPECT_EQ(QiniCoefficient({}), 0);
}

// Simulated truth: half of the members are moved by 20 points, the others not at all.
TEST(Qini, RightRankingIsPositiveReversedNegative) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<UpliftMember> members;
  for (int i = 0; i < 20'000; ++i) {
    const bool moved = i % 2 == 0;
    const bool treated = uniform(random) < 0.5;
    members.push_back(
        {(moved ? 1 : 0) + uniform(random) / 2, treated, uniform(random) < (treated && moved ? 0.4 : 0.2)});
  }
  // The curve rises to 0.1 per treated member at one half: the triangle above the line has an area of 0.025.
  EXPECT_NEAR(QiniCoefficient(QiniCurve(members)), 0.025, 0.008);
  const auto in_order = QiniCurve(members);
  std::shuffle(members.begin(), members.end(), random);
  const auto shuffled = QiniCurve(members);
  ASSERT_EQ(shuffled.size(), in_order.size());
  for (std::size_t i = 0; i < in_order.size(); ++i) EXPECT_EQ(shuffled[i].Gain(), in_order[i].Gain());
  for (UpliftMember& member : members) member.uplift = -member.uplift;
  EXPECT_NEAR(QiniCoefficient(QiniCurve(members)), -0.025, 0.008);
  for (UpliftMember& member : members) member.uplift = uniform(random);
  EXPECT_NEAR(QiniCoefficient(QiniCurve(members)), 0, 0.008);
}

}  // namespace
}  // namespace loyalty::retention
