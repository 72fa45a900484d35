#include "storage/purchase_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "storage/read_table.h"
#include "storage/tables/days.h"
#include "storage/tables/members.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;
using test::TestDatabase;
using Members = std::map<std::int64_t, std::vector<MemberDay>>;

class PurchaseDays : public ::testing::TestWithParam<Engine> {
 protected:
  // A day that follows on those that the member has.
  void Insert(std::int64_t member, Day day, std::int64_t receipts = 1) {
    const MemberDay stored{day, 100 * member + day, 1, receipts};
    auto& days = stored_[member];
    days.push_back(stored);
    if (receipts > 0) expected_[member].push_back(stored);
  }
  // The newest three of them stand in the member's row.
  void Store() {
    for (auto& [id, days] : stored_) {
      MemberRow member;
      member.id = member.public_id = id;
      const auto older = days.size() < 3 ? days.begin() : days.end() - 3;
      member.recent_days.assign(older, days.end());
      InsertRow(session_, member, test::TestKeys());
      for (auto day = days.begin(); day != older; ++day) InsertRow(session_, MemberDayRow{id, *day}, test::TestKeys());
    }
    stored_.clear();
  }

  Members Read(const DayWindow& window, std::int64_t after, int members_at_once) {
    Members members;
    ReadPurchaseDays(session_, window, after,
                     [&members](std::int64_t id, std::span<const MemberDay> days) {
                       EXPECT_TRUE(members.empty() || members.rbegin()->first < id)
                           << "in the order of the ids, each once";
                       members[id].assign(days.begin(), days.end());
                       return true;
                     },
                     {.members_at_once = members_at_once});
    return members;
  }

  TestDatabase database_{GetParam()};
  Session& session_ = database_.session();
  Members expected_, stored_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PurchaseDays, test::kBothEngines, test::EngineName);

TEST_P(PurchaseDays, EachMemberComesWholeHoweverTheChunksFall) {
  for (const std::int64_t member : {3, 4, 9, 10})
    for (Day day = -2; day < 2 * member; ++day) Insert(member, day);
  Store();
  for (int members = 1; members <= 6; ++members) EXPECT_EQ(Read({.until = 100}, 0, members), expected_) << members;
}

TEST_P(PurchaseDays, OnlyDaysOfTheWindowThatCount) {
  Insert(1, 10);
  Insert(1, 20);
  Insert(1, 30);
  Insert(2, 31);
  Insert(3, 15, 0);  // all of its sales were taken back
  Store();
  EXPECT_EQ(Read({.until = 30}, 0, 100), (Members{{1, expected_[1]}}));
  EXPECT_EQ(Read({.from = 20, .until = 20}, 0, 100), (Members{{1, {expected_[1][1]}}}));
  EXPECT_EQ(Read({.from = 11, .until = 31}, 1, 100), (Members{{2, expected_[2]}}));
  EXPECT_TRUE(Read({.until = 9}, 0, 100).empty());
}

TEST_P(PurchaseDays, EachStatementEndsSoonWhateverTheWindow) {
  for (std::int64_t member = 1; member <= 40; ++member) Insert(member, member == 1 ? 5 : 500);
  Store();
  const auto before = session_.statements();
  int asked = 0, seen = 0;
  ReadPurchaseDays(session_, {.until = 10}, 0,
                   [&seen](std::int64_t, std::span<const MemberDay>) {
                     ++seen;
                     return true;
                   },
                   {.members_at_once = 10, .go_on = [&asked] { return ++asked < 4; }});
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(session_.statements() - before, 6) << "it is asked before each whether to go on";
}

TEST_P(PurchaseDays, WhoHasEnoughStops) {
  for (const std::int64_t member : {1, 2, 3}) Insert(member, 5);
  Store();
  std::vector<std::int64_t> seen;
  ReadPurchaseDays(session_, {.until = 9}, 0, [&seen](std::int64_t id, std::span<const MemberDay>) {
    seen.push_back(id);
    return id < 2;
  });
  EXPECT_THAT(seen, ::testing::ElementsAre(1, 2));
}

TEST(PackedDays, ComeBackAsTheyWere) {
  const std::vector<MemberDay> days = {{-40'000, -1, 0, 1},
                                       {0, 0, 0, 0},
                                       {1, 9'223'372'036'854'775'807, 5, 1},
                                       {20'000, -9'223'372'036'854'775'807 - 1, 0, 1'000'000}};
  EXPECT_EQ(UnpackDays(PackDays(days).value), days);
  EXPECT_TRUE(UnpackDays(PackDays({}).value).empty());
  std::vector<MemberDay> usual;
  for (Day day = 20'000; day < 20'016; ++day) usual.push_back({day, 4'250, 30, 1});
  EXPECT_LT(PackDays(usual).value.size(), 16U * 8U) << "the row of a member stays short";
}

}  // namespace
}  // namespace loyalty::storage
