// A till that gets no answer sends again. Goal: whatever is sent how often over which connection, and however often the
// server dies, each scan takes effect exactly once and every copy gets the same answer.
//
// Method: 64 callers send 1 to 6 copies of each of 2,000 scans in random order over 12 connections while the server is
// killed (SIGKILL) about every second and started again, and while half of the connections lose answers and
// break; a copy without an answer is sent again under its request id.
// Then the receipts in the database, the balance of each card, all answers and `loyaltyd verify` are compared with a
// reference computed from the requests alone. The same run against a server whose look-up of earlier requests and
// receipts is switched off must find something wrong, else this test could not fail.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/e2e/caller.h"
#include "tests/e2e/exactly_once.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

class ExactlyOnce : public ::testing::TestWithParam<storage::Engine> {};

std::uint64_t Seed() {
  const char* given = std::getenv("E2E_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "seed " << seed << " (E2E_SEED=" << seed << " runs it again)" << std::endl;
  return seed;
}

TEST_P(ExactlyOnce, EachScanTakesEffectOnceThoughItIsSentOftenAndTheServerDies) {
  const Installation installation(GetParam());
  Server server(installation);
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  ExactlyOnceLoad load;
  load.seed = Seed();
  const auto outcome = RunExactlyOnce(installation, server, load);
  std::cout << outcome.Text() << std::endl;
  EXPECT_TRUE(outcome.exact()) << outcome.Text();
  EXPECT_GE(outcome.kills, 3) << "too few to mean anything";
  EXPECT_GE(outcome.replays, outcome.copies - load.scans) << "every copy but one of a scan is a replay";
  EXPECT_GT(outcome.lost, 0) << "no answer got lost after its commit";
  EXPECT_GT(outcome.cuts, 10) << "hardly a connection broke but by a kill";
}

// Smaller: a server without the look-up runs each duplicate many times before it gives up.
ExactlyOnceLoad SmallLoad() {
  ExactlyOnceLoad load;
  load.seed = Seed();
  load.scans = 8;
  load.copies_max = 4;
  load.cards = 5;
  load.callers = 8;
  load.seconds = 1;
  load.contended_max = 0;
  load.kills = load.losses = false;
  return load;
}

TEST_P(ExactlyOnce, IsNotedToBeBrokenWithoutTheLookUpOfEarlierRequests) {
  const Installation installation(GetParam());
  Server server(installation,
                {.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "request_lookup"}}});
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  const auto outcome = RunExactlyOnce(installation, server, SmallLoad());
  std::cout << outcome.Text() << std::endl;
  EXPECT_FALSE(outcome.exact());
  EXPECT_GT(outcome.errors + outcome.different_answers + std::abs(outcome.receipts_missing) + outcome.wrong_balances,
            0);
}

TEST_P(ExactlyOnce, HoldsInTheSabotageBuildAsLongAsNothingIsSwitchedOff) {
  const Installation installation(GetParam());
  Server server(installation, {.program = "loyaltyd_sabotage"});
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  const auto outcome = RunExactlyOnce(installation, server, SmallLoad());
  EXPECT_TRUE(outcome.exact()) << outcome.Text();
}

INSTANTIATE_TEST_SUITE_P(Engines, ExactlyOnce, kBothEngines, EngineName);

}  // namespace
}  // namespace loyalty::test
