#include "storage/lifecycle_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "storage/read_table.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

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
      MemberRow member;
      member.id = member.public_id = member.create_time = id;
      member.anonymous = false;
      if (id % 2 != 0)
        member.summary = {.first_day = 1,
                          .last_day = 9,
                          .days = 3,
                          .receipts = 4,
                          .amount = id,
                          .first_day_amount = 70,
                          .last_day_amount = 80,
                          .sum_gap_squared = 32,
                          .sum_ln_gap = 5};
      InsertRow(session_, member, test::TestKeys());
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
    Walk(rows, NextMembers, [&](const IdRange& range) {
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

TEST_P(LifecycleReads, PositionsAndWholeRowsAgree) {
  session_.Run(
      "UPDATE members SET q1_amount = 1, q2_amount = 2, q3_amount = 3, q4_amount = 4, quarter_years = "
      "1125904201940995, stage = 5, segment = 6, lost_stage = 2, rule = 3, since_day = 8, retained = 1, due_day = 77 "
      "WHERE id = 9");
  const auto positions = ReadPositions(session_, {.after = 0, .last = kLastId});
  std::vector<MemberRow> rows;
  ReadAllMembers(
      session_, [&rows](std::span<const MemberRow> some) { rows.insert(rows.end(), some.begin(), some.end()); },
      [] { return true; });
  ASSERT_EQ(positions.size(), ids_.size());
  ASSERT_EQ(rows.size(), ids_.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const MemberPosition& position = positions[i];
    EXPECT_EQ(position.id, rows[i].id);
    EXPECT_EQ(position.create_time, rows[i].create_time);
    EXPECT_EQ(position.anonymous, rows[i].anonymous);
    EXPECT_EQ(position.lifecycle, rows[i].lifecycle);
    EXPECT_EQ(position.summary.days, rows[i].summary.days);
    EXPECT_EQ(position.summary.last_day, rows[i].summary.last_day);
    EXPECT_EQ(position.summary.quarter_amount, rows[i].summary.quarter_amount);
    EXPECT_EQ(position.summary.quarter_years, rows[i].summary.quarter_years);
  }
  EXPECT_EQ(positions[2].lifecycle.due_day, 77);
  EXPECT_THAT(positions[2].summary.quarter_years, ElementsAre(3, 2, 1, 4));
}

TEST_P(LifecycleReads, WhoHasEnoughStops) {
  int asked = 0;
  Ids seen;
  ReadAllMembers(
      session_,
      [&seen](std::span<const MemberRow> members) {
        for (const auto& member : members) seen.push_back(member.id);
      },
      [&asked] { return ++asked < 1; });
  EXPECT_THAT(seen, ElementsAre());
}

}  // namespace
}  // namespace loyalty::storage
