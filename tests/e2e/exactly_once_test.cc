// A till that gets no answer sends again. Goal: whatever is sent how often over which connection, and however often the
// server dies, each scan takes effect exactly once and every copy gets the same answer.
//
// Method: 64 callers send 1 to 6 copies of each of 2,000 scans (E2E_SCANS; ./dev test --label chaos: 20,000) in random
// order over 12 connections while the server, and MariaDB in turn with it, is killed (SIGKILL) about every second and
// started again, and while half of the connections lose answers and break; a copy without an answer is sent again under
// its request id.
// Then the receipts in the database, the balance of each card, all answers and `loyaltyd verify` are compared with a
// reference computed from the requests alone. The same run against a server whose look-up of earlier requests and
// receipts is switched off must find something wrong, else this test could not fail.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "tests/e2e/caller.h"
#include "tests/e2e/exactly_once.h"
#include "tests/support/database.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

class ExactlyOnce : public ::testing::TestWithParam<storage::Engine> {};

TEST_P(ExactlyOnce, EachScanTakesEffectOnceThoughItIsSentOftenAndServerAndDatabaseDie) {
  const bool on_mariadb = GetParam() == storage::Engine::kMysql;
  const auto mariadb = on_mariadb ? std::make_unique<MariaDb>() : nullptr;
  const Installation installation(GetParam(), {.mariadb = mariadb.get()});
  Server server(installation);
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  ExactlyOnceLoad load;
  load.seed = LoadSeed();
  load.scans = LoadScans(load.scans);
  load.seconds = load.scans / 250.0;
  load.disturbances = {Killing(server)};
  if (mariadb) load.disturbances.push_back(Killing(*mariadb));
  const auto outcome = RunExactlyOnce(installation, {&server}, load);
  std::cout << outcome.Text() << std::endl;
  EXPECT_TRUE(outcome.exact()) << outcome.Text();
  EXPECT_GE(outcome.disturbances, 3) << "too few to mean anything";
  EXPECT_GE(outcome.replays, outcome.copies - load.scans) << "every copy but one of a scan is a replay";
  EXPECT_GT(outcome.lost, 0) << "no answer got lost after its commit";
  EXPECT_GT(outcome.cuts, 10) << "hardly a connection broke but by a kill";
  if (HasFailure()) return;
  Write({.id = on_mariadb ? "I1-exactly-once-mariadb" : "I1-exactly-once-sqlite",
         .promise = "A scan counts once, however often it is sent and whatever dies",
         .test = fmt::format("64 callers send copies over 12 connections, half of which lose answers, while {} killed "
                             "(SIGKILL) about every second",
                             on_mariadb ? "loyaltyd and mariadbd are in turn" : "loyaltyd is"),
         .figure = fmt::format("{} scans, {} sends, {} SIGKILLs, {} answers cut off: 0 doubled, 0 lost, 0 differing "
                               "answers, 0 wrong balances",
                               load.scans, outcome.sends, outcome.disturbances, outcome.cuts),
         .command = "./dev test --label chaos -R chaos_exactly_once",
         .seed = load.seed});
}

// Smaller: a server without the look-up runs each duplicate many times before it gives up.
ExactlyOnceLoad SmallLoad() {
  ExactlyOnceLoad load;
  load.seed = LoadSeed();
  load.scans = 8;
  load.copies_max = 4;
  load.cards = 5;
  load.callers = 8;
  load.seconds = 1;
  load.contended_max = 0;
  load.losses = false;
  return load;
}

TEST_P(ExactlyOnce, IsNotedToBeBrokenWithoutTheLookUpOfEarlierRequests) {
  const Installation installation(GetParam());
  Server server(installation,
                {.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "request_lookup"}}});
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  const auto outcome = RunExactlyOnce(installation, {&server}, SmallLoad());
  std::cout << outcome.Text() << std::endl;
  EXPECT_FALSE(outcome.exact());
  EXPECT_GT(outcome.errors + outcome.different_answers + std::abs(outcome.receipts_missing) + outcome.wrong_balances,
            0);
}

TEST_P(ExactlyOnce, HoldsInTheSabotageBuildAsLongAsNothingIsSwitchedOff) {
  const Installation installation(GetParam());
  Server server(installation, {.program = "loyaltyd_sabotage"});
  SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
  const auto outcome = RunExactlyOnce(installation, {&server}, SmallLoad());
  EXPECT_TRUE(outcome.exact()) << outcome.Text();
}

INSTANTIATE_TEST_SUITE_P(Engines, ExactlyOnce, kBothEngines, EngineName);

}  // namespace
}  // namespace loyalty::test
