// A checker that never finds anything proves nothing: each change by hand must be noticed.
#include "tests/support/check_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;

struct Planted {
  const char* sql;
  const char* fault;
};

constexpr Planted kPlanted[] = {
    {"UPDATE members SET available = available + 1", "balances are not the sums of the entries"},
    {"UPDATE members SET member_seq = member_seq + 1", "member_seq"},
    {"UPDATE members SET chain_head = ''", "head of the chain"},
    {"UPDATE members SET next_due_time = 9223372036854775807", "unnoticed"},
    {"UPDATE entries SET available_delta = available_delta + 1 WHERE seq = 1", "a MAC is wrong"},
    {"UPDATE entries SET request_id = 'other-request' WHERE seq = 1", "a MAC is wrong"},
    {"DELETE FROM entries WHERE seq = 2", "entries have a gap"},
    {"DELETE FROM lots WHERE lot_seq = 1", "no lot"},
    {"UPDATE lots SET remaining = remaining + 1", "lost or doubled"},
    {"UPDATE lots SET state = 4", "the state of a lot"},
    {"UPDATE lots SET held = remaining + 1", "overdrawn"},
    {"UPDATE allocations SET points = points + 1", "lost or doubled"},
    {"DELETE FROM allocations WHERE kind = 2", "lost or doubled"},
    {"UPDATE redemptions SET points = points + 1", "burn what it says"},
    {"UPDATE redemptions SET state = 1", "give back what it says"},
    {"DELETE FROM redemptions", "a burn without redemption"},
    {"DELETE FROM requests", "without answer"},
    {"DELETE FROM receipts", "receipt"},
    {"UPDATE member_statistics SET amount = amount + 1", "the summary is not that of the days"},
    {"DELETE FROM member_statistics", "purchase days without summary"},
    {"UPDATE member_day SET receipts = receipts + 1", "the summary is not that of the days"},
    {"DELETE FROM members", "does not exist"},
};

class CheckLedgerTest : public ::testing::TestWithParam<Planted> {};
INSTANTIATE_TEST_SUITE_P(Faults, CheckLedgerTest, ::testing::ValuesIn(kPlanted));

TEST_P(CheckLedgerTest, FindsWhatWasPlanted) {
  BatchWorld world(storage::Engine::kSqlite, {.activation_delay_days = 0, .validity_days = 30});
  world.check_at_end = false;
  world.Run({world.Scan(1, 10'000), world.Scan(1, 5'000)});
  world.Must(world.Cancel(test::RedeemOf(world.Run(world.Redeem(1, 120))).redemption()));
  world.Must(world.Redeem(1, 10));
  ASSERT_EQ(world.Fault(), "");
  world.session().Run(GetParam().sql);
  EXPECT_THAT(world.Fault(), ::testing::HasSubstr(GetParam().fault)) << GetParam().sql;
}

}  // namespace
}  // namespace loyalty
