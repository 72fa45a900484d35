// What decisions need is brought together in few messages, whatever they need: several members, receipts with lines.
#include "services/batch/load.h"

#include <gtest/gtest.h>

#include "services/batch/decide.h"
#include "tests/services/batch/recovering.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::MemberRow;
using storage::ReceiptLineRow;
using storage::ReceiptRow;
using test::BatchWorld;

class LoadTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Counts statements of this name from now on.
  int* CountStatements(const std::string& name) {
    world_.session().set_hook([this, name](std::string_view statement) { count_ += statement == name ? 1 : 0; });
    return &count_;
  }

  BatchWorld world_{GetParam()};
  int count_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, LoadTest, test::kBothEngines, test::EngineName);

TEST_P(LoadTest, MembersOfOneDecisionAreLockedAtOnce) {
  world_.Run({world_.Scan(1, 1'000), world_.Scan(2, 1'000)});
  const Command enroll = world_.Enroll({1, 2, 3});
  const auto snapshot = world_.snapshot();
  const Rules rules{*snapshot, test::TestKeys(), world_.now};
  const NeedsFunction needs = [&](const WorkingSet& known, Needs& wanted) {
    NeedsOfCommand(enroll, known, rules, wanted);
  };
  const std::int64_t first = world_.MemberOf(1), second = world_.MemberOf(2);
  const int* locks = CountStatements("lock members");
  WorkingSet set;
  storage::Transaction transaction(world_.session());
  Load(world_.session(), {needs}, set, Locks::kWait);
  EXPECT_EQ(*locks, 1);
  EXPECT_TRUE(set.of<MemberRow>().Holds(first));
  EXPECT_TRUE(set.of<MemberRow>().Holds(second));
  Needs wanted(Needs::Mode::kCheck, set);
  EXPECT_TRUE(IsReady(needs, set, wanted));
  EXPECT_EQ(SubjectsOfCommand(enroll, set), (Subjects{first, second}));
}

// As a return will: the sale and what has come back of it so far, under a lock.
TEST_P(LoadTest, AReceiptComesWithItsLinesUnderALock) {
  Command scan = world_.Scan(1, 1'000);
  auto& receipt = *std::get<Scan>(scan.payload).receipt;
  receipt.lines.assign(100, receipt.lines.front());
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) receipt.lines[i].line_id = std::to_string(i + 1);
  world_.Must(scan);
  const std::int64_t id = world_.database().Number("SELECT id FROM receipts");
  const NeedsFunction needs = [id](const WorkingSet&, Needs& wanted) {
    wanted.Root<ReceiptRow>(id);
    wanted.First<ReceiptLineRow>(id, storage::Reach::kAll);
  };
  {
    WorkingSet set;
    storage::Transaction transaction(world_.session());
    Load(world_.session(), {needs}, set, Locks::kWait);
    EXPECT_TRUE(set.of<ReceiptRow>().Holds(id));
    std::size_t lines = 0;
    set.of<ReceiptLineRow>().Each(id, [&](const ReceiptLineRow& row) {
      EXPECT_EQ(row.line.line_id, std::to_string(++lines));
      EXPECT_EQ(row.line.tax_rate, receipt.lines.front().tax_rate);
    });
    EXPECT_EQ(lines, 100U);
    ReceiptLineRow* second = set.Find<ReceiptLineRow>({id, 2});
    ASSERT_NE(second, nullptr);
    second->returned_amount = 1'000;
    second->returned_quantity = kMillion;
    Needs decided(Needs::Mode::kDecide, set);
    needs(set, decided);
    set.Flush(world_.session(), test::TestKeys());
    transaction.Commit();
  }
  EXPECT_EQ(world_.database().Number("SELECT SUM(returned_amount) FROM receipt_lines"), 1'000);
  EXPECT_EQ(world_.database().Number("SELECT version FROM receipts"), 2) << "whoever read it before must look again";
  // BatchWorld verifies: what a return adds to a sale is not under its seal.
}

// Where a read can be stale, on a cluster or behind a proxy that sends reads elsewhere, a redemption is not there when
// its name is read first, and there when that is read again under the lock. Here its row comes back between the two.
class LoadStaleTest : public ::testing::Test {
 protected:
  // Hides the only redemption from the first read of it in every transaction from now on.
  void HideFromTheFirstRead() {
    Set("UPDATE redemptions SET id = -id");
    world_.session().set_hook([this, reads = 0](std::string_view statement) mutable {
      if (statement == "read redemptions" && ++reads == 2) Set("UPDATE redemptions SET id = -id");
    });
  }
  void Set(const std::string& sql) { other_->Run(sql); }

  BatchWorld world_{storage::Engine::kMysql};
  std::unique_ptr<storage::Session> other_ = world_.database().Open();
  Command scan_ = world_.Scan(1, 10'000);
  Command redeem_ = world_.Redeem(1, 30);
};

TEST_F(LoadStaleTest, ALoneCancellationWhoseRedemptionAppearsBetweenTwoReadsLooksAgain) {
  world_.Must(scan_);
  const Command cancel = world_.Cancel(test::RedeemOf(world_.Run(redeem_)).redemption());
  test::RecoveringLane lane(world_);
  HideFromTheFirstRead();
  EXPECT_EQ(test::Outcome(lane.Run(cancel)), "OK");
  world_.session().set_hook(nullptr);
  EXPECT_EQ(lane.conflicts, 1) << "the first time it was not decided";
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_F(LoadStaleTest, ACancellationWhoseRedemptionAppearsBetweenTwoReadsWaitsForTheNextBatchAloneOfAll) {
  world_.Must(scan_);
  const Command cancel = world_.Cancel(test::RedeemOf(world_.Run(redeem_)).redemption());
  const Command other = world_.Scan(2, 1'000);
  HideFromTheFirstRead();
  BatchContext context = world_.Context();
  const auto results = RunBatch(context, {{&cancel}, {&other}});
  world_.session().set_hook(nullptr);
  EXPECT_FALSE(results[0]) << "it waits";
  ASSERT_TRUE(results[1]);
  EXPECT_EQ(test::Outcome(*results[1]), "OK");
  EXPECT_EQ(test::Outcome(world_.Run(cancel)), "OK");
  EXPECT_EQ(world_.BalanceOf(1).available, 100);
}

TEST_F(LoadStaleTest, ACancellationWhoseRedemptionIsAtNeitherReadIsUnknown) {
  world_.Must(scan_);
  const Command cancel = world_.Cancel(test::RedeemOf(world_.Run(redeem_)).redemption());
  Set("UPDATE redemptions SET id = -id");
  EXPECT_EQ(test::Outcome(world_.Run(cancel)), "REDEMPTION_UNKNOWN");
  Set("UPDATE redemptions SET id = -id");
  EXPECT_EQ(world_.BalanceOf(1).available, 70);
}

TEST_P(LoadTest, OnASnapshotNothingIsLocked) {
  world_.Must(world_.Scan(1, 1'000));
  const int* locks = CountStatements("lock members");
  EXPECT_TRUE(world_.Quote(world_.Redeem(1, 5)));
  EXPECT_EQ(*locks, 0);
}

}  // namespace
}  // namespace loyalty
