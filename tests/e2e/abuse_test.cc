// Abuse of HTTP/2. Goal: nobody without a certificate (setting "mTLS") and nobody at all (setting "nginx", with
// deploy/nginx.conf) can make a store wait: the tills' p99 at most doubles, no process takes more than 256 MB or ends.
//
// Method: four tills scan 100 times a second. In turn there is peace and one of eight patterns (abuse_patterns.h), and
// what counts is the median over such pairs; of 600 scans a turn, since the p99 of 200 is the second slowest and moved
// by a factor of four between pairs of peace. The attacker comes from another address, has a line of 10 Mbit/s, and
// takes only the processor time that others leave (attack.h): on two processors that everybody shares, the figure would
// else be the scheduler's. A stolen till, with its certificate, is measured and bounded in memory, not in time.
//
// A normal run is one short pair of each, on a server that may have sanitizers: all must be answered and nothing may
// grow. E2E_ABUSE_PAIRS and E2E_ABUSE_SECONDS make it a measurement, E2E_SERVER names the loyaltyd that is shipped
// (./dev test --label chaos, ./dev record).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tests/e2e/abuse_patterns.h"
#include "tests/e2e/caller.h"
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
constexpr double kLenientMs = 4'000;  // a normal run: other tests and compilers run beside it
constexpr milliseconds kBuildUpMax{180'000};

double FromEnvironment(const char* name, double otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::atof(given);
}

int Pairs() { return static_cast<int>(FromEnvironment("E2E_ABUSE_PAIRS", 1)); }
double Seconds() { return FromEnvironment("E2E_ABUSE_SECONDS", 0.4); }
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

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// What came of one pattern.
struct Outcome {
  double slower = 0;  // p99 under attack for 1 in peace, the median of pairs
  double p99_ms = 0;  // under attack
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
    (void)RunLoad(load_);  // connected, warm
    load_.seconds = Seconds();
  }

  const std::string& address() const { return nginx_ ? nginx_->address() : server_.address(); }
  // NAME.crt and NAME.key of a till.
  const std::string& identity() const { return identity_; }
  int port() const { return std::stoi(address().substr(address().find(':') + 1)); }

  Outcome Suffer(const Pattern& pattern, const Dial& dial) {
    const auto nginx_before = NginxPids();
    std::vector<double> slower, p99_ms;
    Outcome outcome;
    for (int pair = 0; pair < Pairs(); ++pair) {
      const LoadResult quiet = Sell();
      const UsageMeter server({server_.process().pid()}), nginx(nginx_before);
      Attack attack(pattern, dial, kIdleConnections);
      EXPECT_TRUE(attack.WaitUntilReady(kBuildUpMax)) << "the attacker could not build it up";
      const LoadResult attacked = Sell();
      outcome.server = server.Stop();
      outcome.nginx = nginx.Stop();
      EXPECT_LE(outcome.server.memory_peak_mb, MemoryMaxMb());
      EXPECT_LE(outcome.nginx.memory_peak_mb, MemoryMaxMb());
      slower.push_back(P99(attacked) / P99(quiet));
      p99_ms.push_back(P99(attacked));
      std::cout << fmt::format(
                       "{:18} p50 {:5.1f} -> {:5.1f} ms, p99 {:6.1f} -> {:6.1f} ms | loyaltyd {:.2f} processors {:3} MB"
                       " | nginx {:.2f} {:3} MB | {} connects {} refused {} kB",
                       pattern.name, P50(quiet), P50(attacked), P99(quiet), P99(attacked), outcome.server.processors,
                       outcome.server.memory_peak_mb, outcome.nginx.processors, outcome.nginx.memory_peak_mb,
                       attack.attacker().connects(), attack.attacker().refused(), attack.attacker().bytes() / 1'000)
                << std::endl;
    }
    EXPECT_FALSE(server_.process().Poll()) << server_.Log();
    EXPECT_EQ(NginxPids(), nginx_before) << "nginx has crashed\n" << nginx_->Log();
    outcome.p99_ms = Median(p99_ms);
    outcome.slower = Median(slower);
    return outcome;
  }

  // All patterns; what is `promised` is that tills do not wait.
  Worst SufferAll(const std::string& who, const Dial& dial, bool promised) {
    std::cout << "--- " << who << std::endl;
    Worst worst;
    for (const Pattern& pattern : AbusePatterns()) {
      SCOPED_TRACE(who + ", " + pattern.name);
      Dial own = dial;
      // 10,000 handshakes take longer than a normal run has.
      if (!Measuring() && pattern.name == "idle connections") own.tls = nullptr;
      const Outcome outcome = Suffer(pattern, own);
      if (promised) {
        EXPECT_LE(Measuring() ? outcome.slower : 0, kSlowerMax);
        EXPECT_LE(Measuring() ? 0 : outcome.p99_ms, kLenientMs);
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
    LoadResult result = RunLoad(load_);
    EXPECT_THAT(result.otherwise, IsEmpty());
    EXPECT_EQ(result.refused, 0);
    EXPECT_GT(result.answered, 0);
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
                  .client_ca = front_ == Front::kMutualTls ? identity_ + ".crt" : ""}};
  std::unique_ptr<Nginx> nginx_;
  LoadPlan load_{
      .key = installation_.admin_key(), .rate = kScansPerSecond, .deadline = 5, .request = [](std::uint64_t n) {
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

// The counter-check: where nothing stands in front, the same attacker keeps the server busy.
TEST(Abuse, WithNothingInFrontAnAttackIsFelt) {
  AllowFiles();
  Store bare(Store::Front::kNothing);
  Store guarded(Store::Front::kMutualTls);
  const Pattern& rapid_reset = AbusePatterns().front();
  // Beside other work the attacker may get no turn: then it is felt by nobody, and tries again.
  double felt = 0, stopped = 0;
  for (int attempt = 0; attempt < 5 && (attempt == 0 || felt <= 2 * stopped); ++attempt) {
    felt = bare.Suffer(rapid_reset, {.port = bare.port()}).server.processors;
    stopped = guarded.Suffer(rapid_reset, {.port = guarded.port(), .tls = TlsContext()}).server.processors;
  }
  EXPECT_GT(felt, 2 * stopped) << "the attack is too weak to show anything";
}

}  // namespace
}  // namespace loyalty::test
