// Abuse of the API by whoever can reach it. Goal: whatever callers without a key, and one stolen key, do from forty
// addresses at once, every scan of the other tills is answered and none refused, whatever stands in front of the
// server; it takes no more than 256 MB and does not end.
//
// Method: as in abuse_test.cc, with call_patterns.h: streams without a key, silent streams, a key that fills the queue,
// a key that fills the reads; then all of them with the eight patterns of HTTP/2 together. The attacker has one line of
// 10 Mbit/s and half a processor, which all of these share. What gRPC has no time to refuse it keeps: on an idle
// machine it was 1.4 GB, before whoever is refused too often was hung up on (services/rpc/refusals.h). A normal run
// asserts counts. With E2E_SERVER (./dev test
// --label chaos) it tells the tills' p99.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/e2e/abuse_patterns.h"
#include "tests/e2e/abused_store.h"
#include "tests/e2e/call_patterns.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

using Store = AbusedStore;

// A till waits for one answer before it scans again, and nginx lets an address have 64 calls open: as many as are due
// in one and a half seconds.
constexpr double kScansPerSecond = 40;
// Of attackers: more than they have places, so that these are taken.
constexpr std::int64_t kRefusedCalls = 2'000;
// Or as many as honest tills do not make in the time.
constexpr std::int64_t kMemberCalls = 10'000;

std::string Told(const Spread& spread) {
  return fmt::format("{:.0f} ms ({:.0f} to {:.0f})", spread.median, spread.least, spread.most);
}

Dial DialOf(const Store& store, Store::Front front) {
  Dial dial{.port = store.port()};
  if (front == Store::Front::kNginx) dial.tls = TlsContext();
  if (front == Store::Front::kMutualTls) dial.tls = TlsContext(store.identity());
  return dial;
}

// Each in turn; then, on a server that has seen none of it, all at once with the patterns of HTTP/2.
void SufferAll(Store::Front front, const std::string& name) {
  std::cout << "--- " << name << std::endl;
  std::string figure;
  std::int64_t memory_mb = 0;
  const auto suffer = [&](Store& store, const std::string& what, const std::vector<Pattern>& patterns) {
    SCOPED_TRACE(name + ", " + what);
    const auto refused = store.RefusedCalls(), made = store.MemberCalls();
    const auto bites = [&store, refused, made] {
      return store.RefusedCalls() - refused >= kRefusedCalls || store.MemberCalls() - made >= kMemberCalls;
    };
    const Outcome outcome = store.Suffer(patterns, DialOf(store, front), false, bites);
    EXPECT_TRUE(bites()) << "the attack is too weak to show anything";
    memory_mb = std::max(memory_mb, outcome.server.memory_peak_mb);
    figure += fmt::format("{} {}; ", what, Told(outcome.p99_ms));
  };
  AllowFiles();
  {
    Store store(front, kScansPerSecond);
    for (const Pattern& pattern : CallPatterns(store.stolen_key(), store.member()))
      suffer(store, pattern.name, {pattern});
  }
  Store store(front, kScansPerSecond);
  std::vector<Pattern> all = CallPatterns(store.stolen_key(), store.member());
  all.insert(all.end(), AbusePatterns().begin(), AbusePatterns().end());
  suffer(store, "all at once", all);
  if (!Measuring()) return;
  std::cout << name << ": " << figure << std::endl;
  if (::testing::Test::HasFailure()) return;
  Write({.id = "I16-abuse-calls-" + name,
         .promise = "Whoever has no key, and one stolen key, keep no other till from selling, from forty addresses",
         .test = "four tills scan 40 times a second while each and then all of these run at half a processor: streams "
                 "without a key, silent streams, a key that fills the queue, one that fills the reads; all: with the "
                 "patterns of I16-abuse",
         .figure = fmt::format("p99 of the tills, median of {} pairs and spread: {}at most {} MB; every scan answered, "
                               "none refused, no process ended",
                               AbusePairs(), figure, memory_mb),
         .command = "./dev test --label chaos -R chaos_abuse_calls"});
}

TEST(CallAbuse, InPlainText) { SufferAll(Store::Front::kNothing, "plain"); }
TEST(CallAbuse, BehindNginx) { SufferAll(Store::Front::kNginx, "nginx"); }
TEST(CallAbuse, WithTheCertificateOfATill) { SufferAll(Store::Front::kMutualTls, "mtls"); }

}  // namespace
}  // namespace loyalty::test
