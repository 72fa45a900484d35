// A verification that never finds anything proves nothing: each row changed by hand must be noticed, on both engines.
#include "storage/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::Engine;
using test::BatchWorld;

// $1 and $2 stand for the members of cards 1 and 2.
constexpr const char* kPlanted[] = {
    "UPDATE members SET available = available + 1 WHERE id = $1",
    "UPDATE members SET member_seq = member_seq + 1 WHERE id = $1",
    "UPDATE members SET next_due_time = 9223372036854775807 WHERE id = $1",
    "UPDATE entries SET available_delta = available_delta + 1 WHERE member_id = $1 AND seq = 1",
    "UPDATE entries SET business_time = business_time + 1 WHERE member_id = $1 AND seq = 2",
    "DELETE FROM entries WHERE member_id = $1 AND seq = 2",
    "UPDATE lots SET remaining = remaining - 1 WHERE member_id = $1 AND lot_seq = 1",
    // Points that move from one lot of a member to another of its lots: every sum stays as it was.
    "UPDATE lots SET points = points + CASE lot_seq WHEN 1 THEN 10 ELSE -10 END, remaining = remaining + CASE lot_seq "
    "WHEN 1 THEN 10 ELSE -10 END WHERE member_id = $1 AND lot_seq IN (1, 2)",
    "DELETE FROM lots WHERE member_id = $1 AND lot_seq = 2",
    "UPDATE allocations SET points = points + 1 WHERE member_id = $1",
    "DELETE FROM allocations WHERE member_id = $1",
    "UPDATE redemptions SET points = points + 1",
    "UPDATE redemptions SET state = 1",
    "DELETE FROM receipts WHERE member_id = $1",
    "UPDATE receipt_lines SET amount = amount + 1",
    "UPDATE member_statistics SET amount = amount + 1 WHERE member_id = $1",
    "UPDATE member_day SET receipts = receipts + 1 WHERE member_id = $1",
    // The last member: nobody comes after it to notice.
    "DELETE FROM members WHERE id = $2",
};

using Case = std::tuple<Engine, const char*>;
class VerifyTest : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Faults, VerifyTest, ::testing::Combine(test::kBothEngines, ::testing::ValuesIn(kPlanted)));

storage::VerifyReport Verify(BatchWorld& world) {
  return storage::VerifyLedger(world.session(), test::TestChainKey(), std::nullopt,
                               [](const storage::VerifyReport&) { return true; });
}

TEST_P(VerifyTest, FindsWhatWasPlanted) {
  BatchWorld world(std::get<0>(GetParam()), {.activation_delay_days = 0, .validity_days = 30});
  world.check_at_end = false;
  world.Run({world.Scan(1, 10'000), world.Scan(1, 5'000)});
  world.Must(world.Cancel(test::RedeemOf(world.Run(world.Redeem(1, 120))).redemption()));
  world.Must(world.Scan(2, 700));
  ASSERT_EQ(Verify(world).first_difference, "");
  std::string sql = std::get<1>(GetParam());
  for (const int card : {1, 2}) {
    const std::string place = "$" + std::to_string(card);
    if (const auto at = sql.find(place); at != std::string::npos)
      sql.replace(at, place.size(), std::to_string(world.MemberOf(card)));
  }
  world.session().Run(sql);
  EXPECT_NE(Verify(world).first_difference, "");
}

}  // namespace
}  // namespace loyalty
