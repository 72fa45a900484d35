// A cluster of databases. Goal: whichever node dies, or all of them at once, a till that is told UNAVAILABLE asks the
// next server, and each scan still counts once and no point is spent twice.
//
// Method: three nodes of Galera on this machine, each with a loyaltyd of its own. While callers send the loads of the
// exactly-once and of the double-spending test (E2E_SCANS says how many scans; ./dev test --label chaos: 20,000) to all
// of them, a node is killed (SIGKILL) and comes back, again and again: the database alone, or its server too, or it
// comes back without what it knew and copies everything. Or all nodes are killed at once, and the cluster begins anew
// from the one that knows the most. Afterwards `loyaltyd verify` agrees at each node, and the tables of the three are
// equal.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/e2e/exactly_once.h"
#include "tests/e2e/galera_world.h"
#include "tests/e2e/spending.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

constexpr int kScansOfASlice = 2'000;
// Slow enough that many kills fall into a run: the cluster stands still for some seconds after each.
constexpr double kScansPerSecond = 100;
// All nodes are away for half a minute, and longer on a busy machine.
constexpr std::chrono::seconds kPatience{300};

enum class Kills { kOneNode, kAllNodes };

class GaleraKills : public ::testing::TestWithParam<Kills> {
 protected:
  bool one() const { return GetParam() == Kills::kOneNode; }
  Disturbance Killing() { return one() ? world_.KillingOne() : world_.KillingAll(); }
  std::string Which() const { return one() ? "one node" : "all nodes"; }
  // How they come back.
  std::string HowBack() const { return one() ? "" : " and the cluster begins anew from the highest seqno"; }
  std::string Forgot() const { return one() ? fmt::format(" ({} came back empty)", world_.forgot()) : std::string(); }
  std::string Id() const { return one() ? "one-node" : "all-nodes"; }

  template <typename Load>
  Load LoadUnderKills() {
    Load load;
    load.seed = LoadSeed();
    load.scans = LoadScans(kScansOfASlice);
    load.seconds = load.scans / kScansPerSecond;
    load.disturbances = {Killing()};
    load.patience = kPatience;
    return load;
  }
  template <typename Outcome>
  void ExpectExact(const Outcome& outcome) {
    std::cout << outcome.Text() << std::endl;
    EXPECT_TRUE(outcome.exact()) << outcome.Text() << '\n' << world_.Logs();
    EXPECT_EQ(world_.Differences(), "");
    EXPECT_GE(outcome.disturbances, 2) << "too few to mean anything";
    EXPECT_GT(outcome.changes, 0) << "no caller had to ask another server";
  }

  GaleraWorld world_;
};

TEST_P(GaleraKills, EachScanTakesEffectOnce) {
  auto load = LoadUnderKills<ExactlyOnceLoad>();
  load.copies_max = 3;
  const auto outcome = RunExactlyOnce(world_.installation(), world_.Servers(), load);
  ExpectExact(outcome);
  if (HasFailure()) return;
  Write({.id = "I14-galera-" + Id() + "-exactly-once",
         .promise = "On a cluster a scan counts once, whichever node dies",
         .test = fmt::format("64 callers send copies to three loyaltyd, one a node of Galera, and to the next one on "
                             "UNAVAILABLE, half of them over connections that lose answers, while {} killed (SIGKILL) "
                             "again and again{}",
                             one() ? "one node is" : "all nodes at once are", HowBack()),
         .figure = fmt::format("{} scans, {} sends, {} of them to another server, {} kills of {}{}, {:.0f} s: 0 "
                               "doubled, 0 lost, 0 differing answers, three equal ledgers",
                               load.scans, outcome.sends, outcome.changes, outcome.disturbances, Which(), Forgot(),
                               outcome.seconds),
         .command = "./dev test --label chaos -R chaos_galera",
         .seed = load.seed});
}

TEST_P(GaleraKills, NoPointIsSpentTwice) {
  auto load = LoadUnderKills<SpendingLoad>();
  const auto outcome = RunSpending(world_.installation(), world_.Servers(), load);
  ExpectExact(outcome);
  EXPECT_GT(outcome.refused, 0) << "there was always enough for all";
  if (HasFailure()) return;
  Write({.id = "I14-galera-" + Id() + "-double-redeem",
         .promise = "On a cluster no balance is spent twice, whichever node dies",
         .test = fmt::format("with each scan two tills redeem from the same card at the two other servers at the same "
                             "moment, while {} killed (SIGKILL) again and again{}; then the rest is spent",
                             one() ? "one node is" : "all nodes at once are", HowBack()),
         .figure = fmt::format("{} scans of {} cards, {} redemptions made, {} refused, {} sends, {} of them to another "
                               "server, {} kills of {}{}, {:.0f} s: 0 lost, 0 doubled, 0 points left, three equal "
                               "ledgers",
                               load.scans, load.cards, outcome.made, outcome.refused, outcome.sends, outcome.changes,
                               outcome.disturbances, Which(), Forgot(), outcome.seconds),
         .command = "./dev test --label chaos -R chaos_galera",
         .seed = load.seed});
}

INSTANTIATE_TEST_SUITE_P(Nodes, GaleraKills, ::testing::Values(Kills::kOneNode, Kills::kAllNodes),
                         [](const auto& it) { return it.param == Kills::kOneNode ? "OneByOne" : "AllAtOnce"; });

// The losing control: where a transaction that Galera rolls back may leave the rest of its message behind
// (storage/galera.h), points are lost or doubled without any kill.
TEST(GaleraControl, IsNotedToBeBrokenWhenHalfATransactionMayStay) {
  GaleraWorld world({.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "whole_batch"}}});
  SpendingLoad load;
  load.seed = LoadSeed();
  load.scans = 1'000;
  load.cards = 4;
  load.seconds = 0;
  load.patience = std::chrono::seconds(30);
  const auto outcome = RunSpending(world.installation(), world.Servers(), load);
  std::cout << outcome.Text() << std::endl;
  EXPECT_FALSE(outcome.exact() && world.Differences().empty());
}

}  // namespace
}  // namespace loyalty::test
