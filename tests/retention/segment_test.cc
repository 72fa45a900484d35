#include "retention/segment.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

namespace loyalty::retention {
namespace {

TEST(Segment, Map125CodesAsPublished) {
  std::ifstream file(LOYALTY_TEST_DATA "/rfm11_map_125.csv");
  ASSERT_TRUE(file);
  std::string line;
  std::getline(file, line);
  ASSERT_EQ(line.substr(0, 11), "rfm,segment");
  std::set<std::string> codes;
  while (std::getline(file, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ASSERT_GT(line.size(), 4U);
    codes.insert(line.substr(0, 3));
    const RfmScores scores = {line[0] - '0', line[1] - '0', line[2] - '0'};
    EXPECT_EQ(SegmentName(SegmentOf(scores)), line.substr(4)) << line;
  }
  EXPECT_EQ(codes.size(), 125U);
}

TEST(Segment, SizesOfTheMap) {
  std::map<RfmSegment, int> sizes;
  for (int r = 1; r <= 5; ++r)
    for (int f = 1; f <= 5; ++f)
      for (int m = 1; m <= 5; ++m) ++sizes[SegmentOf({r, f, m})];
  EXPECT_EQ(sizes, (std::map<RfmSegment, int>{{RfmSegment::kChampions, 7},
                                              {RfmSegment::kLoyal, 8},
                                              {RfmSegment::kPotentialLoyalist, 24},
                                              {RfmSegment::kNewCustomers, 7},
                                              {RfmSegment::kPromising, 16},
                                              {RfmSegment::kNeedAttention, 8},
                                              {RfmSegment::kAboutToSleep, 8},
                                              {RfmSegment::kAtRisk, 22},
                                              {RfmSegment::kCannotLoseThem, 8},
                                              {RfmSegment::kHibernating, 11},
                                              {RfmSegment::kLost, 6}}));
}

TEST(Segment, NumberThatIsNoSegmentHasNoName) {
  EXPECT_EQ(SegmentName(RfmSegment{0}), "");
  EXPECT_EQ(SegmentName(RfmSegment{12}), "");
}

}  // namespace
}  // namespace loyalty::retention
