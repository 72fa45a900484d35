// A database that goes away and comes back. Goal: callers get an answer or UNAVAILABLE within their deadline, the
// server works again within two seconds of the database's return, and no session and no thread is left behind.
//
// Method: eight callers scan without a pause through a server that reaches its MariaDB over TCP and a proxy. In turn
// the database is killed and started again, its connections are reset, its packets vanish, and it closes idle sessions.
// E2E_CYCLES says how often (8 in a normal run; ./dev test --label chaos: 200).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/proxy.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kDeadline{3};
constexpr seconds kHealed{2};
constexpr milliseconds kSlack{1'500};  // of a caller on a machine with two processors and sanitizers
constexpr int kCallers = 8;

int Cycles() {
  const char* given = std::getenv("E2E_CYCLES");
  return given == nullptr ? 8 : std::atoi(given);
}

class Load {
 public:
  explicit Load(const Caller& caller) : caller_(caller) {
    for (int i = 0; i < kCallers; ++i) threads_.emplace_back([this, i] { Scan(i); });
  }
  ~Load() { Stop(); }
  void Stop() {
    stopping_ = true;
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }

  std::int64_t answered() const { return answered_; }
  // What callers were told that no till would repeat, and how often.
  std::map<std::string, int> refusals() {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }
  milliseconds longest() const { return milliseconds(longest_ms_); }
  // While true nobody calls.
  void Pause(bool on) { paused_ = on; }

 private:
  void Scan(int number) {
    while (!stopping_) {
      if (paused_) {
        std::this_thread::sleep_for(milliseconds(20));
        continue;
      }
      const auto scan = PlainScan(NewRequestId("away"), "260000000" + std::to_string(number));
      const auto start = Clock::now();
      v1::ScanResponse response;
      const auto result = caller_.Call(&v1::TerminalService::Stub::Scan, scan, &response, kDeadline);
      const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - start).count();
      for (auto longest = longest_ms_.load(); took > longest && !longest_ms_.compare_exchange_weak(longest, took);) {
      }
      if (result.ok()) {
        ++answered_;
        continue;
      }
      // What a till sends again is no refusal.
      if (!result.retryable()) {
        const std::lock_guard lock(mutex_);
        ++refusals_[result.reason() + ": " + result.status.error_message()];
      }
      std::this_thread::sleep_for(milliseconds(20));
    }
  }

  const Caller& caller_;
  std::atomic<bool> stopping_{false}, paused_{false};
  std::atomic<std::int64_t> answered_{0}, longest_ms_{0};
  std::mutex mutex_;
  std::map<std::string, int> refusals_;
  std::vector<std::thread> threads_;
};

std::int64_t ThreadsOf(pid_t pid) {
  std::int64_t count = 0;
  for ([[maybe_unused]] const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task"))
    ++count;
  return count;
}

// From now until the next answer.
milliseconds UntilAnswered(const Load& load) {
  const auto start = Clock::now();
  const auto before = load.answered();
  while (load.answered() == before && Clock::now() < start + seconds(20)) std::this_thread::sleep_for(milliseconds(2));
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

TEST(DatabaseAway, TheServerHealsSoonAndKeepsDeadlinesAndLeavesNothingBehind) {
  MariaDb mariadb({.networking = true, .settings = {}});
  const Installation installation(storage::Engine::kMysql, {.mariadb = &mariadb});
  Proxy proxy("127.0.0.1:" + std::to_string(mariadb.port()));
  Server server(installation, {.db = UrlText(installation.UrlThrough(proxy.address()))});
  const Caller admin(Connect(server.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  Load load(admin);
  (void)UntilAnswered(load);
  std::this_thread::sleep_for(milliseconds(500));
  const auto sessions = [&] {
    return installation.Number("SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" +
                               installation.url().database + "'");
  };
  const auto sessions_before = sessions();
  const auto threads_before = ThreadsOf(server.process().pid());

  milliseconds slowest{0};
  for (int cycle = 0; cycle < Cycles(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    switch (cycle % 4) {
      case 0:
        mariadb.Kill();
        std::this_thread::sleep_for(milliseconds(300));
        mariadb.Start();
        break;
      case 1: proxy.Cut(); break;
      case 2:
        proxy.SetBlackHole(true);
        std::this_thread::sleep_for(milliseconds(1'500));
        proxy.SetBlackHole(false);
        break;
      default:
        mariadb.Execute("SET GLOBAL wait_timeout = 1");
        proxy.Cut();  // sessions that begin anew have the short patience
        (void)UntilAnswered(load);
        load.Pause(true);
        std::this_thread::sleep_for(milliseconds(2'300));
        mariadb.Execute("SET GLOBAL wait_timeout = 28800");
        load.Pause(false);
    }
    const auto healed = UntilAnswered(load);
    slowest = std::max(slowest, healed);
    EXPECT_LE(healed, kHealed);
    std::this_thread::sleep_for(milliseconds(200));
  }
  load.Stop();
  std::cout << Cycles() << " cycles, " << load.answered() << " scans answered, slowest to heal " << slowest.count()
            << " ms, longest call " << load.longest().count() << " ms" << std::endl;
  EXPECT_THAT(load.refusals(), ::testing::IsEmpty()) << "a failure of the database was told as something else";
  EXPECT_LE(load.longest(), kDeadline + kSlack);
  EXPECT_GE(installation.Number("SELECT COUNT(*) FROM receipts"), load.answered());
  EXPECT_LE(sessions(), sessions_before + 1);
  EXPECT_LE(ThreadsOf(server.process().pid()), threads_before + 2);  // gRPC's own come and go
  EXPECT_EQ(installation.Loyaltyd("verify").code, 0);
  if (HasFailure()) return;
  Write({.id = "I9-database-away",
         .promise = "A database that comes back is used again at once, and nobody waits longer than he wanted to",
         .test = "8 callers scan while MariaDB is killed and started again, its connections are reset, its packets "
                 "vanish, and it closes idle sessions, in turn",
         .figure = fmt::format(
             "{} cycles, {} scans answered: slowest to heal {} ms, longest call {} ms with a deadline "
             "of {} ms, 0 sessions and 0 threads left behind",
             Cycles(), load.answered(), slowest.count(), load.longest().count(), milliseconds(kDeadline).count()),
         .command = "./dev test --label chaos -R chaos_database_away"});
}

}  // namespace
}  // namespace loyalty::test
