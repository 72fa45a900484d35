// A power cut. Goal: what was acknowledged is there afterwards, and everything else happened once or not at all.
//
// Method: the load of the exactly-once test against a database on a disk of its own, whose power is cut about every
// second, in the middle of everything: the file system forgets what it was not asked to sync, server and database are
// killed, and come up again on what is left. After each cut every scan that had been answered must be stored. E2E_SCANS
// says how many scans (1,000 in a normal run; ./dev test --label chaos: 20,000).
//
// The same with weak settings must lose something (SQLite with synchronous=NORMAL in a server that can be sabotaged,
// MariaDB with innodb_flush_log_at_trx_commit=0 set behind the server's back), else this test could not fail.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>

#include "tests/e2e/caller.h"
#include "tests/e2e/exactly_once.h"
#include "tests/support/database.h"
#include "tests/support/disk.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

constexpr int kScansOfASlice = 1'000;
constexpr int kScansOfAControl = 500;

class PowerCut : public ::testing::TestWithParam<storage::Engine> {
 protected:
  bool on_mariadb() const { return GetParam() == storage::Engine::kMysql; }

  ExactlyOnceOutcome Run(ExactlyOnceLoad load, bool weak) const {
    Disk disk;
    const auto mariadb =
        on_mariadb() ? std::make_unique<MariaDb>(MariaDbOptions{.data_dir = disk.path().string(), .settings = {}})
                     : nullptr;
    const Installation installation(GetParam(), {.mariadb = mariadb.get(), .sqlite_dir = disk.path().string()});
    ServerOptions options;
    if (weak && !on_mariadb())
      options = {.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "full_sync"}}};
    Server server(installation, options);
    SetUpProgram(Caller(Connect(server.address()), installation.admin_key()), 2);
    const auto weaken = [&] {
      // The server looks when it starts, so this comes afterwards.
      if (weak && mariadb) mariadb->Execute("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
    };
    weaken();
    disk.Sync();  // the program itself is there, whatever the settings
    load.disturbances = {{.strike =
                              [&] {
                                disk.CutPower();
                                server.Kill();
                                if (mariadb) mariadb->Kill();
                              },
                          .mend =
                              [&] {
                                disk.Restore();
                                if (mariadb) mariadb->Start();
                                server.Start();
                                weaken();
                              },
                          .power_is_cut = true}};
    const auto outcome = RunExactlyOnce(installation, {&server}, load);
    std::cout << (weak ? "weak: " : "") << outcome.Text() << std::endl;
    if (outcome.errors > 0) std::cout << server.Log() << std::endl;
    server.Kill();  // before its disk is gone
    return outcome;
  }
};

TEST_P(PowerCut, ForgetsNothingThatWasAcknowledged) {
  ExactlyOnceLoad load;
  load.seed = LoadSeed();
  load.copies_max = 2;
  load.scans = kScansOfAControl;
  load.seconds = load.scans / 150.0;
  const auto control = Run(load, true);
  EXPECT_GT(control.forgotten, 0) << "a cut that loses nothing with weak settings proves nothing";

  load.scans = LoadScans(kScansOfASlice);
  load.seconds = load.scans / 250.0;
  const auto outcome = Run(load, false);
  EXPECT_TRUE(outcome.exact()) << outcome.Text();
  EXPECT_GE(outcome.disturbances, 2) << "too few to mean anything";
  if (HasFailure()) return;
  Write({.id = on_mariadb() ? "I3-power-cut-mariadb" : "I3-power-cut-sqlite",
         .promise = "An acknowledged point survives a power cut",
         .test = fmt::format("64 callers scan while the ext4 under {} is shut down without flushing and everything on "
                             "it is killed; losing control: {}",
                             on_mariadb() ? "MariaDB" : "SQLite",
                             on_mariadb() ? "innodb_flush_log_at_trx_commit=0" : "synchronous=NORMAL"),
         .figure =
             fmt::format("{} scans, {} power cuts: 0 lost, 0 doubled, verify agrees; control: {} of {} scans "
                         "forgotten in {} cuts",
                         load.scans, outcome.disturbances, control.forgotten, kScansOfAControl, control.disturbances),
         .command = "./dev test --label chaos -R chaos_power_cut",
         .seed = load.seed});
}

INSTANTIATE_TEST_SUITE_P(Engines, PowerCut, kBothEngines, EngineName);

}  // namespace
}  // namespace loyalty::test
