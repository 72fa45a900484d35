#include "storage/purchase_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;
using test::TestDatabase;
using Members = std::map<std::int64_t, std::vector<MemberDay>>;

class PurchaseDays : public ::testing::TestWithParam<Engine> {
 protected:
  void Insert(std::int64_t member, Day day, std::int64_t receipts = 1) {
    const auto n = [](std::int64_t number) { return std::to_string(number); };
    session_.Run("INSERT INTO member_day (member_id, day, amount, discount, receipts) VALUES (" + n(member) + ", " +
                 n(day) + ", " + n(100 * member + day) + ", 1, " + n(receipts) + ")");
    if (receipts > 0) expected_[member].push_back({day, 100 * member + day, 1, receipts});
  }

  Members Read(const DayWindow& window, std::int64_t after, int rows_at_once) {
    Members members;
    ReadPurchaseDays(session_, window, after,
                     [&members](std::int64_t id, std::span<const MemberDay> days) {
                       EXPECT_TRUE(members.empty() || members.rbegin()->first < id)
                           << "in the order of the ids, each once";
                       members[id].assign(days.begin(), days.end());
                       return true;
                     },
                     {.rows_at_once = rows_at_once});
    return members;
  }

  TestDatabase database_{GetParam()};
  Session& session_ = database_.session();
  Members expected_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PurchaseDays, test::kBothEngines, test::EngineName);

TEST_P(PurchaseDays, EachMemberComesWholeHoweverTheChunksFall) {
  for (const std::int64_t member : {3, 4, 9, 10})
    for (Day day = -2; day < 2 * member; ++day) Insert(member, day);
  for (int rows = 1; rows <= 70; ++rows) EXPECT_EQ(Read({.until = 100}, 0, rows), expected_) << rows;
}

TEST_P(PurchaseDays, OnlyDaysOfTheWindowThatCount) {
  Insert(1, 10);
  Insert(1, 20);
  Insert(1, 30);
  Insert(2, 31);
  Insert(3, 15, 0);  // all of its sales were taken back
  EXPECT_EQ(Read({.until = 30}, 0, 100), (Members{{1, expected_[1]}}));
  EXPECT_EQ(Read({.from = 20, .until = 20}, 0, 100), (Members{{1, {expected_[1][1]}}}));
  EXPECT_EQ(Read({.from = 11, .until = 31}, 1, 100), (Members{{2, expected_[2]}}));
  EXPECT_TRUE(Read({.until = 9}, 0, 100).empty());
}

TEST_P(PurchaseDays, EachStatementEndsSoonWhateverTheWindow) {
  for (std::int64_t member = 1; member <= 40; ++member) Insert(member, member == 1 ? 5 : 500);
  const auto before = session_.statements();
  int asked = 0, seen = 0;
  ReadPurchaseDays(session_, {.until = 10}, 0,
                   [&seen](std::int64_t, std::span<const MemberDay>) {
                     ++seen;
                     return true;
                   },
                   {.rows_at_once = 10, .go_on = [&asked] { return ++asked < 4; }});
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(session_.statements() - before, 3) << "it is asked before each whether to go on";
}

TEST_P(PurchaseDays, WhoHasEnoughStops) {
  for (const std::int64_t member : {1, 2, 3}) Insert(member, 5);
  std::vector<std::int64_t> seen;
  ReadPurchaseDays(session_, {.until = 9}, 0, [&seen](std::int64_t id, std::span<const MemberDay>) {
    seen.push_back(id);
    return id < 2;
  });
  EXPECT_THAT(seen, ::testing::ElementsAre(1, 2));
}

}  // namespace
}  // namespace loyalty::storage
