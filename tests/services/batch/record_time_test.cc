// The server's time never goes back within a member, whatever the clocks of the servers say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/verify.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::kStart;

class RecordTimeTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // A server whose clock is an hour behind that of the one before.
  void AnotherServer() {
    world_.now -= kHour;
    world_.ids.Drop();
  }
  std::string Times(const std::string& table, const std::string& order) {
    std::string text;
    world_.session().Read("SELECT record_time FROM " + table + " ORDER BY " + order,
                          [&text](Instant at) { text += std::to_string((at - kStart) / kMinute) + " "; });
    return text;
  }

  BatchWorld world_{GetParam(), {.activation_delay_days = 0, .validity_days = 30}};
};
INSTANTIATE_TEST_SUITE_P(Engines, RecordTimeTest, test::kBothEngines, test::EngineName);

TEST_P(RecordTimeTest, EntriesAndReceiptsAreNeverEarlierThanTheOnesBefore) {
  world_.Run({world_.Scan(1, 1'000), world_.Scan(1, 50)});
  AnotherServer();
  world_.Run({world_.Scan(1, 1'000), world_.Scan(2, 1'000), world_.Redeem(1, 5)});
  world_.now += kMinute;
  world_.Must(world_.Scan(1, 50));
  EXPECT_EQ(Times("entries", "member_id, seq"), "0 0 0 0 0 -60 ") << "card 2 is another member";
  EXPECT_EQ(Times("receipts", "id"), "0 0 0 -60 0 ");
  EXPECT_EQ(Times("members", "id"), "0 -60 ");
}

// What the first server saw expire has expired: the points come back as grace points, not to a lot that is over.
TEST_P(RecordTimeTest, WhatHasExpiredStaysSoForAServerThatIsBehind) {
  world_.Must(world_.Scan(1, 10'000));
  const auto redemption = test::RedeemOf(world_.Run(world_.Redeem(1, 60))).redemption();
  world_.now = world_.database().Number("SELECT expire_time FROM open_lots") + kMinute;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, Balances{});
  AnotherServer();
  EXPECT_EQ(test::CancelOf(world_.Run(world_.Cancel(redemption))).points_in_grace(), 60);
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 60}));
  world_.now += 2 * kHour;
  EXPECT_EQ(world_.Must(world_.Visit(1)).member->balance, (Balances{.available = 60}));
}

}  // namespace
}  // namespace loyalty
