#include "services/rpc/health.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

namespace loyalty {
namespace {

constexpr char kTerminal[] = "loyalty.v1.TerminalService";
constexpr char kMember[] = "loyalty.v1.MemberService";
constexpr char kLedger[] = "loyalty.v1.LedgerService";

TEST(Health, AServiceServesWhileWhatItNeedsIsThere) {
  struct {
    Health health;
    bool all, terminal, member, ledger;
  } const cases[] = {
      {{true, true, true}, true, true, true, true},
      {{true, false, true}, false, false, true, true},
      {{true, true, false}, false, false, false, true},
      {{false, true, true}, false, false, false, false},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(Serves("", each.health), each.all);
    EXPECT_EQ(Serves(kTerminal, each.health), each.terminal);
    EXPECT_EQ(Serves(kMember, each.health), each.member);
    EXPECT_EQ(Serves(kLedger, each.health), each.ledger);
  }
}

TEST(HealthWatch, TellsEachServiceAtOnceAndThenWhatChanges) {
  std::mutex mutex;
  std::condition_variable changed;
  Health now;
  std::map<std::string, bool> told;
  int count = 0;
  HealthWatch watch(
      [&] {
        const std::lock_guard lock(mutex);
        return now;
      },
      [&](const std::string& service, bool serves) {
        const std::lock_guard lock(mutex);
        told[service] = serves;
        ++count;
        changed.notify_all();
      });
  EXPECT_EQ(told.size(), 9U) << "eight services, and all of them";
  const auto expect = [&](const Health& health, int changes) {
    std::unique_lock lock(mutex);
    now = health;
    const int before = count;
    changed.wait(lock, [&] { return count == before + changes; });
    for (const auto& [service, serves] : told) EXPECT_EQ(serves, Serves(service, health)) << service;
  };
  expect({.database = true, .snapshot = false, .lanes = true}, 2);
  expect({.database = false, .snapshot = false, .lanes = true}, 7);
  expect({}, 9);
  watch.Stop();
  EXPECT_TRUE(watch.health().all());
}

}  // namespace
}  // namespace loyalty
