#include "storage/lifecycle_reads.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kLargeId = 9'007'199'254'740'993;  // neither 32 bits hold it nor a double

class LifecycleReads : public ::testing::TestWithParam<Engine> {
 protected:
  LifecycleReads() {
    for (const std::int64_t id : ids_) {
      session_.Run(fmt::format(
          "INSERT INTO members (id, public_id, state, anonymous, language, acquisition_channel, acquisition_campaign, "
          "acquisition_partner, acquisition_referral, acquisition_touchpoint, store_id, create_time, available, "
          "pending, held, debt, next_due_time, member_seq, version, chain_head) VALUES ({0}, {0}, 1, 0, 'de', '', '', "
          "'', '', '', NULL, {0}, 0, 0, 0, 0, 0, 0, 1, '')",
          id));
      if (id % 2 == 0) continue;
      session_.Run(fmt::format(
          "INSERT INTO member_statistics (member_id, first_day, last_day, days, receipts, amount, discount, "
          "first_day_amount, last_day_amount, sum_gap_squared, sum_ln_gap, unlinked_returns, enrolled_day) VALUES "
          "({0}, 1, 9, 3, 4, {0}, 0, 70, 80, 32, 5, 0, 1)",
          id));
    }
  }

  // The ids of all ranges of so many rows, and what is read of each.
  template <typename Next, typename Read>
  void Walk(std::int64_t rows, Next next, Read read) {
    for (std::int64_t after = 0; after != kLastId;) {
      const IdRange range = next(session_, after, rows);
      ASSERT_EQ(range.after, after);
      ASSERT_GT(range.last, after);
      read(range);
      after = range.last;
    }
  }

  const Ids ids_{3, 4, 9, 10, 11, 500, kLargeId};
  const Ids odd_{3, 9, 11, kLargeId};
  test::TestDatabase database_{GetParam()};
  Session& session_ = database_.session();
};
INSTANTIATE_TEST_SUITE_P(Engines, LifecycleReads, test::kBothEngines, test::EngineName);

TEST_P(LifecycleReads, RangesHoldEverybodyOnceWhateverTheirSize) {
  for (std::int64_t rows = 1; rows <= 9; ++rows) {
    Ids members, buyers, amounts;
    Walk(rows, NextMembers, [&](const IdRange& range) {
      const auto positions = ReadPositions(session_, range);
      EXPECT_LE(positions.size(), static_cast<std::size_t>(rows));
      for (const auto& position : positions) {
        members.push_back(position.id);
        EXPECT_EQ(position.create_time, position.id);
        if (position.summary.days > 0) buyers.push_back(position.summary.amount);
      }
    });
    Walk(rows, NextStatistics, [&](const IdRange& range) {
      for (const auto& summary : ReadSummaries(session_, range)) amounts.push_back(summary.amount);
    });
    EXPECT_THAT(members, ElementsAreArray(ids_)) << rows;
    EXPECT_THAT(buyers, ElementsAreArray(odd_)) << rows;
    EXPECT_THAT(amounts, ElementsAreArray(odd_)) << rows;
  }
}

TEST_P(LifecycleReads, SummariesHoldWhatModelsAreMadeOf) {
  const auto summaries = ReadSummaries(session_, {.after = 9, .last = 11});
  ASSERT_EQ(summaries.size(), 1U);
  const retention::MemberSummary expected{
      .first_day = 1, .last_day = 9, .days = 3, .amount = 11, .first_day_amount = 70, .sum_ln_gap = 5};
  EXPECT_EQ(summaries[0], expected);
}

TEST_P(LifecycleReads, PositionsAndCoursesAgree) {
  session_.Run(
      "UPDATE member_statistics SET q1_amount = 1, q2_amount = 2, q3_amount = 3, q4_amount = 4, quarter_years = "
      "1125904201940995, stage = 5, segment = 6, lost_stage = 2, rule = 3, since_day = 8, retained = 1, due_day = 77 "
      "WHERE member_id = 9");
  const auto positions = ReadPositions(session_, {.after = 0, .last = kLastId});
  std::vector<MemberCourse> courses;
  ReadAllCourses(
      session_,
      [&courses](std::span<const MemberCourse> some) { courses.insert(courses.end(), some.begin(), some.end()); },
      [] { return true; });
  ASSERT_EQ(positions.size(), ids_.size());
  ASSERT_EQ(courses.size(), ids_.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const MemberPosition& position = positions[i];
    EXPECT_EQ(position.id, courses[i].id);
    EXPECT_EQ(position.create_time, courses[i].create_time);
    EXPECT_EQ(position.anonymous, courses[i].anonymous);
    const auto& statistics = courses[i].statistics;
    EXPECT_EQ(position.summary.days > 0, statistics.has_value());
    if (!statistics) continue;
    EXPECT_EQ(position.lifecycle, statistics->lifecycle);
    EXPECT_EQ(position.summary.last_day, statistics->summary.last_day);
    EXPECT_EQ(position.summary.quarter_amount, statistics->summary.quarter_amount);
    EXPECT_EQ(position.summary.quarter_years, statistics->summary.quarter_years);
  }
  EXPECT_EQ(positions[2].lifecycle.due_day, 77);
  EXPECT_THAT(positions[2].summary.quarter_years, ElementsAre(3, 2, 1, 4));
}

TEST_P(LifecycleReads, WhoHasEnoughStops) {
  int asked = 0;
  Ids seen;
  ReadAllCourses(
      session_,
      [&seen](std::span<const MemberCourse> courses) {
        for (const auto& course : courses) seen.push_back(course.id);
      },
      [&asked] { return ++asked < 1; });
  EXPECT_THAT(seen, ElementsAre());
}

}  // namespace
}  // namespace loyalty::storage
