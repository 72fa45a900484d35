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
    {"UPDATE members SET record_time = record_time + 1", "record_time"},
    {"UPDATE members SET chain_head = x''", "head of the chain"},
    {"UPDATE members SET next_due_time = 9223372036854775807", "unnoticed"},
    {"UPDATE members SET amount = amount + 1", "the summary is not that of the days"},
    {"UPDATE members SET recent_days = x''", "the purchase days are not those of the sales"},
    {"UPDATE members SET transitions = 1", "not as many moves as are counted"},
    {"DELETE FROM members", "does not exist"},
    {"UPDATE entries SET available_delta = available_delta + 1 WHERE seq = 1", "a MAC is wrong"},
    {"UPDATE entries SET command_id = 7 WHERE seq = 3", "a MAC is wrong"},
    {"UPDATE entries SET sale_amount = sale_amount + 1 WHERE seq = 1", "a MAC is wrong"},
    {"DELETE FROM entries WHERE seq = 2", "entries have a gap"},
    {"DELETE FROM open_lots WHERE lot_seq = 1", "a lot is not stored"},
    {"UPDATE open_lots SET remaining = remaining + 1", "lost or doubled"},
    {"UPDATE open_lots SET held = 1", "lost or doubled"},
    {"UPDATE open_lots SET expire_time = expire_time + 1", "the terms of a lot"},
    {"INSERT INTO pending_lots (member_id, activate_time, lot_seq, expire_time, remaining) SELECT id, 1, 3, 2, 1 FROM "
     "members",
     "a lot that no entry made"},
    {"UPDATE allocations SET points = points + 1", "do not add up"},
    {"DELETE FROM allocations WHERE kind = 2", "do not add up"},
    {"UPDATE allocations SET expire_time = 1", "other terms"},
    {"UPDATE redemptions SET points = points + 1", "burn what it says"},
    {"UPDATE redemptions SET state = 1 WHERE state = 2", "give back what it says"},
    {"UPDATE redemptions SET command_id = command_id + 1", "nobody asked for"},
    {"UPDATE redemptions SET receipt_id = 999", "somebody else's receipt used"},
    {"DELETE FROM redemptions", "a burn without redemption"},
    {"DELETE FROM requests", "no request names it"},
    {"UPDATE requests SET receipt_id = 1 WHERE receipt_id IS NOT NULL", "without answer"},
    {"DELETE FROM receipts", "without answer"},
    {"DELETE FROM commands", "without answer"},
    {"UPDATE receipts SET entry_count = 2", "entries that are not there"},
    {"INSERT INTO member_day (member_id, day, amount, discount, receipts) SELECT id, 1, 1, 0, 1 FROM members",
     "the purchase days are not those of the sales"},
    {"UPDATE seals SET sealed_rows = sealed_rows + 1", "does not count what is in it"},
    {"DELETE FROM seals", "of no block"},
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
