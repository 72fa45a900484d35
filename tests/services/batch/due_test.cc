// What time has made due is settled by the batch that comes next; lots beyond what is read at first are found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::kStart;
using test::Outcome;
using test::Outcomes;
using ::testing::ElementsAre;

class DueTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // `count` sales of `points` each, by one card, an hour apart.
  void Earn(int card, int count, Points points = 1) {
    std::vector<Command> commands;
    for (int i = 0; i < count; ++i) {
      Command command = world_.Scan(card, points * 100);
      std::get<Scan>(command.payload).receipt->business_time -= i % 100 * kHour;
      commands.push_back(std::move(command));
      if (commands.size() == 256 || i + 1 == count) world_.Run(std::exchange(commands, {}));
    }
  }
  std::int64_t Entries(EntryType type) {
    return world_.database().Number("SELECT COUNT(*) FROM entries WHERE type = " +
                                    std::to_string(static_cast<int>(type)));
  }

  BatchWorld world_{GetParam(), {.activation_delay_days = 14, .validity_days = 30}};
};
INSTANTIATE_TEST_SUITE_P(Engines, DueTest, test::kBothEngines, test::EngineName);

TEST_P(DueTest, PointsWaitThenServeThenExpire) {
  const auto first = world_.Run(world_.Scan(1, 10'000));
  EXPECT_EQ(test::ScanOf(first).sale().points_pending(), 100);
  EXPECT_EQ(first->member->balance, (Balances{.pending = 100}));
  EXPECT_EQ(Outcome(world_.Run(world_.Redeem(1, 1))), "INSUFFICIENT_POINTS");

  world_.now = kStart + 14 * kDayLength;
  EXPECT_EQ(Outcome(world_.Run(world_.Redeem(1, 30))), "OK");
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 70}));
  EXPECT_EQ(Entries(EntryType::kActivate), 1);

  world_.now = kStart + 43 * kDayLength;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, (Balances{.available = 70}));
  world_.now = kStart + 46 * kDayLength;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, Balances{});
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
  EXPECT_EQ(Entries(EntryType::kExpire), 1);
  world_.Must(world_.Visit(1));
  EXPECT_EQ(Entries(EntryType::kExpire), 1) << "a repeat changes nothing";
}

TEST_P(DueTest, ActivationAndExpiryInOneGoKeepTheirOrder) {
  world_.Must(world_.Scan(1, 10'000));
  world_.now = kStart + 100 * kDayLength;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, Balances{});
  EXPECT_EQ(Entries(EntryType::kActivate), 1);
  EXPECT_EQ(Entries(EntryType::kExpire), 1);
}

// What is due is written even when the command that met it is refused.
TEST_P(DueTest, ARefusalSettlesAllTheSame) {
  world_.Must(world_.Scan(1, 10'000));
  world_.now = kStart + 100 * kDayLength;
  EXPECT_EQ(Outcome(world_.Run(world_.Redeem(1, 50))), "INSUFFICIENT_POINTS");
  EXPECT_EQ(Entries(EntryType::kExpire), 1);
}

TEST_P(DueTest, ACancellationAfterTheExpiryGivesGracePoints) {
  world_.Must(world_.Scan(1, 10'000));
  world_.now = kStart + 20 * kDayLength;
  const auto redemption = test::RedeemOf(world_.Run(world_.Redeem(1, 60))).redemption();
  world_.now = kStart + 50 * kDayLength;
  const auto result = test::CancelOf(world_.Run(world_.Cancel(redemption)));
  EXPECT_EQ(result.points_restored(), 60);
  EXPECT_EQ(result.points_in_grace(), 60);
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 60}));
  world_.now = kStart + 85 * kDayLength;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, Balances{});
}

TEST_P(DueTest, ABurnMayTakeMoreLotsThanAreReadAtFirst) {
  Earn(1, 200);
  world_.now = kStart + 15 * kDayLength;
  // 64 lots are enough for the first, not for both; the third is refused.
  EXPECT_THAT(Outcomes(world_.Run({world_.Redeem(1, 64), world_.Redeem(1, 130), world_.Redeem(1, 7)})),
              ElementsAre("OK", "OK", "INSUFFICIENT_POINTS"));
  EXPECT_EQ(Outcome(world_.Run(world_.Redeem(1, 6))), "OK");
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM allocations"), 200);
}

// First expiring, first out: also among lots that were not read at first.
TEST_P(DueTest, ABurnTakesWhatExpiresFirst) {
  Earn(1, 100);
  world_.now = kStart + 15 * kDayLength;
  world_.Must(world_.Redeem(1, 70));
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM open_lots o JOIN allocations a ON a.member_id = o.member_id "
                                     "WHERE o.expire_time < a.expire_time"),
            0);
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 30}));
}

TEST_P(DueTest, ManyMoreDueLotsThanAreReadAtOnceAreSettledInOneBatch) {
  Earn(1, 1'100);
  Earn(2, 3);
  world_.now = kStart + 20 * kDayLength;
  world_.Run({world_.Visit(1), world_.Visit(2)});
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 1'100}));
  EXPECT_EQ(Entries(EntryType::kActivate), 1'103);
  world_.now = kStart + 100 * kDayLength;
  world_.Run({world_.Visit(1), world_.Visit(2)});
  EXPECT_EQ(world_.BalanceOf(1), Balances{});
  EXPECT_EQ(Entries(EntryType::kExpire), 1'103);
}

TEST_P(DueTest, ManyLotsFallDueTwiceInOneBatch) {
  Earn(1, 1'100);
  world_.now = kStart + 100 * kDayLength;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, Balances{});
  EXPECT_EQ(Entries(EntryType::kActivate), 1'100);
  EXPECT_EQ(Entries(EntryType::kExpire), 1'100);
}

}  // namespace
}  // namespace loyalty
