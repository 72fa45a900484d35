// Abuse of HTTP/2. Goal: nobody without a certificate (setting "mTLS") and nobody at all (setting "nginx", with
// deploy/nginx.conf) can make a store wait: the tills' p99 at most doubles, no process takes more than 256 MB or ends.
//
// Method: four tills scan 100 times a second. In turn there is peace and one of eight patterns (abuse_patterns.h), and
// what counts is the median over such pairs; of 600 scans a turn, since the p99 of 200 is the second slowest and moved
// by a factor of four between pairs of peace. The attacker comes from another address, has a line of 10 Mbit/s, and
// takes only the processor time that others leave (attack.h): on two processors that everybody shares, the figure would
// else be the scheduler's. A stolen till, with its certificate, is measured and bounded in memory, not in time.
//
// A normal run looks at no time: one pair of each, in which the tills scan so often, whatever that takes. Each scan
// must be answered, and be one for the server; no process may grow or end; not one call of who has no certificate may
// reach the server, and whoever floods must be sent away. E2E_ABUSE_PAIRS and E2E_ABUSE_SECONDS make it a measurement,
// E2E_SERVER names the loyaltyd that is shipped (./dev test --label chaos, ./dev record).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <sstream>

#include "tests/e2e/abuse_patterns.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/server.h"
#include "tests/support/load_client.h"
#include "tests/support/record.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

constexpr int kTills = 4;
constexpr int kScansPerSecond = 100;
constexpr int kIdleConnections = 10'000;
constexpr double kSlowerMax = 2;
constexpr std::uint64_t kScansOfATurn = 40;  // in a normal run
constexpr milliseconds kBuildUpMax{180'000};
constexpr milliseconds kComesWithin{60'000};  // for what must come

double FromEnvironment(const char* name, double otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::atof(given);
}

int Pairs() { return static_cast<int>(FromEnvironment("E2E_ABUSE_PAIRS", 1)); }
double Seconds() { return FromEnvironment("E2E_ABUSE_SECONDS", 6); }
// The program that is shipped, and time enough: only then figures mean something.
bool Measuring() { return std::getenv("E2E_SERVER") != nullptr; }
// The address sanitizer has its shadow, and keeps freed memory for a while.
std::int64_t MemoryMaxMb() { return Measuring() ? 256 : 512; }

// This process holds one end of every connection; servers get the limit from it.
void AllowFiles() {
  constexpr rlim_t kNeeded = kIdleConnections + 2'000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < kNeeded)
    throw std::runtime_error(
        fmt::format("{} connections need {} open files, and only {} are allowed: raise the hard "
                    "limit (ulimit -Hn, LimitNOFILE=, docker run --ulimit nofile=)",
                    kIdleConnections, kNeeded, limit.rlim_max));
  limit.rlim_cur = std::max(limit.rlim_cur, kNeeded);
  setrlimit(RLIMIT_NOFILE, &limit);
}

// What a server has counted of the calls of a method, whatever came of them.
std::int64_t Handled(const Server& server, const std::string& method) {
  std::istringstream lines(Get(server.http_port(), "/metrics"));
  std::int64_t calls = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("grpc_server_handled_total{", 0) == 0 && line.find(method) != std::string::npos)
      calls += std::stoll(line.substr(line.rfind(' ')));
  return calls;
}
constexpr char kScans[] = "grpc_method=\"Scan\"";
constexpr char kAttackers[] = "grpc_service=\"grpc.health.v1.Health\"";  // what attackers call (abuse_patterns.cc)

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// What came of one pattern.
struct Outcome {
  double slower = 0;  // p99 under attack for 1 in peace, the median of pairs
  Usage server, nginx;
};

// The worst of several.
struct Worst {
  double slower = 0;
  std::string slowest;  // its pattern
  std::int64_t server_mb = 0, nginx_mb = 0;

  void Take(const std::string& pattern, const Outcome& outcome) {
    if (outcome.slower > slower) slowest = pattern;
    slower = std::max(slower, outcome.slower);
    server_mb = std::max(server_mb, outcome.server.memory_peak_mb);
    nginx_mb = std::max(nginx_mb, outcome.nginx.memory_peak_mb);
  }
};

// A server, what stands in front of it, and its tills.
class Store {
 public:
  enum class Front { kNothing, kMutualTls, kNginx };

  explicit Store(Front front) : front_(front) {
    if (front == Front::kNginx) nginx_ = std::make_unique<Nginx>(installation_, server_.address());
    const std::string trusted = front == Front::kNothing ? "" : installation_.certificate();
    for (int i = 0; i < kTills; ++i)
      load_.channels.push_back(Connect(address(), trusted, front == Front::kMutualTls ? identity_ : ""));
    SetUpProgram(Caller(load_.channels[0], installation_.admin_key()), 1);
    load_.seconds = 0.5;
    load_.rate = kScansPerSecond;
    (void)RunLoad(load_);  // connected, warm
    if (Measuring()) {
      load_.seconds = Seconds();
    } else {
      load_.rate = 0;
      load_.callers = kTills;
      load_.calls = kScansOfATurn;
      load_.seconds = load_.deadline = std::chrono::duration<double>(kComesWithin).count();
    }
  }

  const std::string& address() const { return nginx_ ? nginx_->address() : server_.address(); }
  // NAME.crt and NAME.key of a till.
  const std::string& identity() const { return identity_; }
  int port() const { return std::stoi(address().substr(address().find(':') + 1)); }

  // Calls of attackers that the server has been busy with.
  std::int64_t AttackersCalls() const { return Handled(server_, kAttackers); }

  // `stopped`: whoever stands in front does not let a flood go on. `until`: attacked for so long.
  Outcome Suffer(
      const Pattern& pattern, const Dial& dial, bool stopped,
      const std::function<bool()>& until = [] { return true; }) {
    const auto nginx_before = NginxPids();
    std::vector<double> slower;
    Outcome outcome;
    for (int pair = 0; pair < Pairs(); ++pair) {
      const LoadResult quiet = Sell();
      const UsageMeter server({server_.process().pid()}), nginx(nginx_before);
      Attack attack(pattern, dial, kIdleConnections);
      EXPECT_TRUE(attack.WaitUntilReady(kBuildUpMax)) << "the attacker could not build it up";
      LoadResult attacked = Sell();
      if (stopped && pattern.floods) {
        EXPECT_TRUE(attack.WaitUntilSentAway(kComesWithin)) << "nobody stops it";
      }
      for (const auto give_up = std::chrono::steady_clock::now() + kComesWithin;
           !until() && std::chrono::steady_clock::now() < give_up;)
        attacked = Sell();
      outcome.server = server.Stop();
      outcome.nginx = nginx.Stop();
      EXPECT_LE(outcome.server.memory_peak_mb, MemoryMaxMb());
      EXPECT_LE(outcome.nginx.memory_peak_mb, MemoryMaxMb());
      slower.push_back(P99(attacked) / P99(quiet));
      std::cout << fmt::format(
                       "{:18} p50 {:5.1f} -> {:5.1f} ms, p99 {:6.1f} -> {:6.1f} ms | loyaltyd {:.2f} processors {:3} MB"
                       " | nginx {:.2f} {:3} MB | {} connects {} refused {} sent away {} kB",
                       pattern.name, P50(quiet), P50(attacked), P99(quiet), P99(attacked), outcome.server.processors,
                       outcome.server.memory_peak_mb, outcome.nginx.processors, outcome.nginx.memory_peak_mb,
                       attack.attacker().connects(), attack.attacker().refused(), attack.attacker().sent_away(),
                       attack.attacker().bytes() / 1'000)
                << std::endl;
    }
    EXPECT_FALSE(server_.process().Poll()) << server_.Log();
    EXPECT_EQ(NginxPids(), nginx_before) << "nginx has crashed\n" << nginx_->Log();
    outcome.slower = Median(slower);
    return outcome;
  }

  // All patterns; what is `promised` is that tills do not wait, and that who floods is sent away.
  Worst SufferAll(const std::string& who, const Dial& dial, bool promised) {
    std::cout << "--- " << who << std::endl;
    Worst worst;
    for (const Pattern& pattern : AbusePatterns()) {
      SCOPED_TRACE(who + ", " + pattern.name);
      Dial own = dial;
      // 10,000 handshakes take longer than a normal run has.
      if (!Measuring() && pattern.name == "idle connections") own.tls = nullptr;
      const Outcome outcome = Suffer(pattern, own, promised);
      if (promised && Measuring()) {
        EXPECT_LE(outcome.slower, kSlowerMax);
      }
      worst.Take(pattern.name, outcome);
    }
    return worst;
  }

 private:
  static double P50(const LoadResult& result) { return LoadResult::Quantile(result.answered_ms, 0.5); }
  static double P99(const LoadResult& result) { return LoadResult::Quantile(result.answered_ms, 0.99); }

  // For a while, as they always do; every scan must be answered.
  LoadResult Sell() const {
    const std::int64_t before = Handled(server_, kScans);
    LoadResult result = RunLoad(load_);
    EXPECT_THAT(result.otherwise, IsEmpty());
    EXPECT_EQ(result.refused, 0);
    if (load_.calls > 0) {
      EXPECT_EQ(result.answered, load_.calls);
    }
    EXPECT_GT(result.answered, 0);
    EXPECT_EQ(Handled(server_, kScans), before + result.answered) << "each scan is one call, and all are the tills'";
    return result;
  }

  std::vector<pid_t> NginxPids() const { return nginx_ ? nginx_->Pids() : std::vector<pid_t>{}; }

  Front front_;
  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  std::string identity_ = MakeCertificate(installation_, "till");
  Server server_{installation_,
                 {.program = MeasuredServer(),
                  .environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}},
                  .tls = front_ == Front::kMutualTls,
                  .client_ca = front_ == Front::kMutualTls ? identity_ + ".crt" : "",
                  .http = true}};
  std::unique_ptr<Nginx> nginx_;
  LoadPlan load_{.key = installation_.admin_key(), .deadline = 5, .request = [](std::uint64_t n) {
                   return PlainScan(NewRequestId("abuse"), "260000000" + std::to_string(n % kTills));
                 }};
};

void WriteRecord(const std::string& setting, const std::string& promise, const std::string& figure) {
  if (!Measuring() || ::testing::Test::HasFailure()) return;
  Write({.id = "I16-abuse-" + setting,
         .promise = promise,
         .test = "four tills scan 100 times a second; rapid reset, endless header, CONTINUATION flood, ping flood, "
                 "settings flood, slow read, slowloris and 10,000 idle connections from another address, in pairs with "
                 "and without",
         .figure = fmt::format("{} pairs of {:.0f} s for each pattern; {}; every scan answered, no process ended",
                               Pairs(), Seconds(), figure),
         .command = "./dev test --label chaos -R chaos_abuse_" + setting});
}

TEST(Abuse, WithoutACertificateNobodyMakesATillWait) {
  AllowFiles();
  Store store(Store::Front::kMutualTls);
  const Worst none = store.SufferAll("mTLS, no certificate", {.port = store.port(), .tls = TlsContext()}, true);
  const Worst plain = store.SufferAll("mTLS, plain text", {.port = store.port()}, true);
  EXPECT_EQ(store.AttackersCalls(), 0) << "who has no certificate makes the server work for him";
  const Worst stolen =
      store.SufferAll("mTLS, a stolen till", {.port = store.port(), .tls = TlsContext(store.identity())}, false);
  WriteRecord(
      "mtls", "Who has no certificate cannot make a till wait, nor loyaltyd grow",
      fmt::format("p99 x{:.1f} at worst without a certificate, x{:.1f} in plain text; with that of a stolen till "
                  "x{:.1f} ({}); at most {} MB",
                  none.slower, plain.slower, stolen.slower, stolen.slowest,
                  std::max({none.server_mb, plain.server_mb, stolen.server_mb})));
}

TEST(Abuse, BehindNginxNobodyMakesATillWait) {
  AllowFiles();
  Store store(Store::Front::kNginx);
  const Worst worst = store.SufferAll("nginx", {.port = store.port(), .tls = TlsContext()}, true);
  WriteRecord("nginx", "Behind nginx nobody can make a till wait, nor a process grow",
              fmt::format("p99 x{:.1f} at worst ({}); loyaltyd at most {} MB, nginx {} MB with all its workers",
                          worst.slower, worst.slowest, worst.server_mb, worst.nginx_mb));
}

// The counter-check: where nothing stands in front, the same attacker's calls reach the server.
TEST(Abuse, WithNothingInFrontAnAttackIsFelt) {
  constexpr std::int64_t kMany = 1'000;
  AllowFiles();
  Store bare(Store::Front::kNothing);
  const auto felt = [&bare] { return bare.AttackersCalls() >= kMany; };
  (void)bare.Suffer(AbusePatterns().front(), {.port = bare.port()}, false, felt);
  EXPECT_GE(bare.AttackersCalls(), kMany) << "the attack is too weak to show anything";
}

}  // namespace
}  // namespace loyalty::test
