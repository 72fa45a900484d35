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
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/e2e/abuse_patterns.h"
#include "tests/e2e/abused_store.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

using Store = AbusedStore;

// The worst of several.
struct Worst {
  double slower = 0;
  std::string slowest;  // its pattern
  std::int64_t server_mb = 0, nginx_mb = 0;

  void Take(const std::string& pattern, const Outcome& outcome) {
    if (outcome.slower.median > slower) slowest = pattern;
    slower = std::max(slower, outcome.slower.median);
    server_mb = std::max(server_mb, outcome.server.memory_peak_mb);
    nginx_mb = std::max(nginx_mb, outcome.nginx.memory_peak_mb);
  }
};

// All patterns; what is `promised` is that tills do not wait, and that who floods is sent away.
Worst SufferAll(Store& store, const std::string& who, const Dial& dial, bool promised) {
  std::cout << "--- " << who << std::endl;
  Worst worst;
  for (const Pattern& pattern : AbusePatterns()) {
    SCOPED_TRACE(who + ", " + pattern.name);
    Dial own = dial;
    // 10,000 handshakes take longer than a normal run has.
    if (!Measuring() && pattern.name == "idle connections") own.tls = nullptr;
    const Outcome outcome = store.Suffer({pattern}, own, promised);
    if (promised && Measuring()) {
      EXPECT_LE(outcome.slower.median, Store::kSlowerMax);
    }
    worst.Take(pattern.name, outcome);
  }
  return worst;
}

void WriteRecord(const std::string& setting, const std::string& promise, const std::string& figure) {
  if (!Measuring() || ::testing::Test::HasFailure()) return;
  Write({.id = "I16-abuse-" + setting,
         .promise = promise,
         .test = "four tills scan 100 times a second; rapid reset, endless header, CONTINUATION flood, ping flood, "
                 "settings flood, slow read, slowloris and 10,000 idle connections from another address, in pairs with "
                 "and without",
         .figure = fmt::format("{} pairs of {:.0f} s for each pattern; {}; every scan answered, no process ended",
                               AbusePairs(), AbuseSeconds(), figure),
         .command = "./dev test --label chaos -R chaos_abuse_" + setting});
}

TEST(Abuse, WithoutACertificateNobodyMakesATillWait) {
  AllowFiles();
  Store store(Store::Front::kMutualTls);
  const Worst none = SufferAll(store, "mTLS, no certificate", {.port = store.port(), .tls = TlsContext()}, true);
  const Worst plain = SufferAll(store, "mTLS, plain text", {.port = store.port()}, true);
  EXPECT_EQ(store.HealthCalls(), 0) << "who has no certificate makes the server work for him";
  const Worst stolen =
      SufferAll(store, "mTLS, a stolen till", {.port = store.port(), .tls = TlsContext(store.identity())}, false);
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
  const Worst worst = SufferAll(store, "nginx", {.port = store.port(), .tls = TlsContext()}, true);
  WriteRecord("nginx", "Behind nginx nobody can make a till wait, nor a process grow",
              fmt::format("p99 x{:.1f} at worst ({}); loyaltyd at most {} MB, nginx {} MB with all its workers",
                          worst.slower, worst.slowest, worst.server_mb, worst.nginx_mb));
}

// The counter-check: where nothing stands in front, the same attacker's calls reach the server.
TEST(Abuse, WithNothingInFrontAnAttackIsFelt) {
  constexpr std::int64_t kMany = 1'000;
  AllowFiles();
  Store bare(Store::Front::kNothing);
  const auto felt = [&bare] { return bare.HealthCalls() >= kMany; };
  (void)bare.Suffer({AbusePatterns().front()}, {.port = bare.port()}, false, felt);
  EXPECT_GE(bare.HealthCalls(), kMany) << "the attack is too weak to show anything";
}

}  // namespace
}  // namespace loyalty::test
