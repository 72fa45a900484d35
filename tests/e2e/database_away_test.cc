// A database that goes away and comes back. Goal: callers get an answer or are told to try again, the server works
// again when the database does, and no session and no thread is left behind.
//
// Method: eight callers scan without a pause through a server that reaches its MariaDB over TCP and a proxy. In turn
// the database is killed and started again, its connections are reset, its packets vanish, and it closes idle sessions;
// each goes on until it has been felt. Eight cycles; with E2E_CYCLES so many (./dev test --label chaos: 200), and then
// durations count too: two seconds to heal, and no call longer than its deadline.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
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

// What a normal run waits for at most, in the hope that it comes.
constexpr seconds kWaitMost{120};
constexpr milliseconds kPollEvery{5};

bool Measuring() { return std::getenv("E2E_CYCLES") != nullptr; }
int Cycles() { return Measuring() ? std::atoi(std::getenv("E2E_CYCLES")) : 8; }

// False: it did not come.
bool Await(const std::function<bool()>& come) {
  for (const auto until = Clock::now() + kWaitMost; !come(); std::this_thread::sleep_for(kPollEvery))
    if (Clock::now() > until) return false;
  return true;
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
  // Calls that ended otherwise; a till sends them again.
  std::int64_t failed() const { return failed_; }
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
      ++failed_;
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
  std::atomic<std::int64_t> answered_{0}, failed_{0}, longest_ms_{0};
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

// From now until there are so many answers more.
milliseconds UntilAnswered(const Load& load, std::int64_t more = 1) {
  const auto start = Clock::now();
  const auto before = load.answered();
  EXPECT_TRUE(Await([&] { return load.answered() >= before + more; })) << "nobody is answered any more";
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}
// Until one caller more was told to come again.
void UntilFelt(const Load& load, std::int64_t failed_before) {
  EXPECT_TRUE(Await([&] { return load.failed() > failed_before; })) << "nobody notices";
}

TEST(DatabaseAway, TheServerHealsSoonAndKeepsDeadlinesAndLeavesNothingBehind) {
  MariaDb mariadb({.networking = true, .settings = {}});
  const Installation installation(storage::Engine::kMysql, {.mariadb = &mariadb});
  Proxy proxy("127.0.0.1:" + std::to_string(mariadb.port()));
  Server server(installation, {.db = UrlText(installation.UrlThrough(proxy.address()))});
  const Caller admin(Connect(server.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  Load load(admin);
  (void)UntilAnswered(load, 20 * kCallers);
  const auto sessions = [&] {
    return installation.Number("SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" +
                               installation.url().database + "'");
  };
  const auto closed_as_idle = [&] {
    return installation.Number(
        "SELECT CAST(variable_value AS INTEGER) FROM information_schema.global_status WHERE variable_name = "
        "'ABORTED_CLIENTS'");
  };
  const auto sessions_before = sessions();
  const auto threads_before = ThreadsOf(server.process().pid());

  milliseconds slowest{0};
  for (int cycle = 0; cycle < Cycles(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    const auto failed = load.failed();
    switch (cycle % 4) {
      case 0:
        mariadb.Kill();
        UntilFelt(load, failed);
        mariadb.Start();
        break;
      case 1: proxy.Cut(); break;
      case 2:
        proxy.SetBlackHole(true);
        UntilFelt(load, failed);
        proxy.SetBlackHole(false);
        break;
      default:
        mariadb.Execute("SET GLOBAL wait_timeout = 1");
        proxy.Cut();  // sessions that begin anew have the short patience
        (void)UntilAnswered(load);
        load.Pause(true);
        EXPECT_TRUE(Await([&, before = closed_as_idle()] { return closed_as_idle() > before; }));
        mariadb.Execute("SET GLOBAL wait_timeout = 28800");
        load.Pause(false);
    }
    const auto healed = UntilAnswered(load);
    slowest = std::max(slowest, healed);
    if (Measuring()) {
      EXPECT_LE(healed, kHealed);
    }
    (void)UntilAnswered(load, 2 * kCallers);
  }
  load.Stop();
  std::cout << Cycles() << " cycles, " << load.answered() << " scans answered, slowest to heal " << slowest.count()
            << " ms, longest call " << load.longest().count() << " ms" << std::endl;
  EXPECT_THAT(load.refusals(), ::testing::IsEmpty()) << "a failure of the database was told as something else";
  if (Measuring()) {
    EXPECT_LE(load.longest(), kDeadline + kSlack);
  }
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
