#include "tests/e2e/abused_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "tests/e2e/http_get.h"

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

constexpr int kTills = 4;
constexpr std::uint64_t kScansOfATurn = 40;  // in a normal run
constexpr int kReadsOfATurn = 10;
constexpr milliseconds kBuildUpMax{180'000};
constexpr milliseconds kComesWithin{60'000};  // for what must come

double FromEnvironment(const char* name, double otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::atof(given);
}

// The address sanitizer has its shadow, and keeps freed memory for a while.
std::int64_t MemoryMaxMb() {
#if defined(__SANITIZE_ADDRESS__)
  return 512;
#else
  return 256;
#endif
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

double P50(const LoadResult& result) { return LoadResult::Quantile(result.answered_ms, 0.5); }
double P99(const LoadResult& result) { return LoadResult::Quantile(result.answered_ms, 0.99); }

std::string NamesOf(const std::vector<Pattern>& patterns) {
  return patterns.size() == 1 ? patterns.front().name : fmt::format("all {} at once", patterns.size());
}

ServerOptions OptionsOf(AbusedStore::Front front, const std::string& identity) {
  const bool tls = front == AbusedStore::Front::kMutualTls;
  ServerOptions options{.program = MeasuredServer(),
                        .environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}},
                        .tls = tls,
                        .client_ca = tls ? identity + ".crt" : "",
                        .http = true};
  if (front == AbusedStore::Front::kNginx) options.more = {"--trusted-proxy", "127.0.0.1"};
  return options;
}

}  // namespace

bool Measuring() { return std::getenv("E2E_SERVER") != nullptr; }
int AbusePairs() { return static_cast<int>(FromEnvironment("E2E_ABUSE_PAIRS", 1)); }
double AbuseSeconds() { return FromEnvironment("E2E_ABUSE_SECONDS", 6); }

void AllowFiles() {
  constexpr rlim_t kNeeded = AbusedStore::kIdleConnections + 2'000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < kNeeded)
    throw std::runtime_error(
        fmt::format("{} connections need {} open files, and only {} are allowed: raise the hard "
                    "limit (ulimit -Hn, LimitNOFILE=, docker run --ulimit nofile=)",
                    AbusedStore::kIdleConnections, kNeeded, limit.rlim_max));
  limit.rlim_cur = std::max(limit.rlim_cur, kNeeded);
  setrlimit(RLIMIT_NOFILE, &limit);
}

Spread SpreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

AbusedStore::AbusedStore(Front front, double scans_per_second)
    : front_(front), server_(installation_, OptionsOf(front, identity_)) {
  if (front == Front::kNginx) nginx_ = std::make_unique<Nginx>(installation_, server_.address());
  const std::string trusted = front == Front::kNothing ? "" : installation_.certificate();
  for (int i = 0; i < kTills; ++i)
    load_.channels.push_back(Connect(address(), trusted, front == Front::kMutualTls ? identity_ : ""));
  const Caller admin(load_.channels[0], installation_.admin_key());
  SetUpProgram(admin, 2);
  stolen_key_ = EnrollTerminal(admin, TerminalName(2));
  load_.key = EnrollTerminal(admin, TerminalName(1));
  load_.deadline = 5;
  load_.request = [](std::uint64_t n) {
    return PlainScan(NewRequestId("abuse"), "260000000" + std::to_string(n % kTills));
  };
  load_.seconds = 0.5;
  load_.rate = scans_per_second;
  (void)RunLoad(load_);  // connected, warm
  member_ = LookUp(admin, "2600000001").name();
  if (Measuring()) {
    load_.seconds = AbuseSeconds();
  } else {
    load_.rate = 0;
    load_.callers = kTills;
    load_.calls = kScansOfATurn;
    load_.seconds = load_.deadline = std::chrono::duration<double>(kComesWithin).count();
  }
}

std::int64_t AbusedStore::HealthCalls() const { return Handled(server_, "grpc_service=\"grpc.health.v1.Health\""); }

std::int64_t AbusedStore::RefusedCalls() const {
  return Handled(server_, "grpc_code=\"ResourceExhausted\"") + Handled(server_, "grpc_code=\"Unauthenticated\"");
}

std::int64_t AbusedStore::MemberCalls() const {
  return Handled(server_, "grpc_method=\"Scan\"") + Handled(server_, "grpc_method=\"GetMember\"");
}

Outcome AbusedStore::Suffer(const std::vector<Pattern>& patterns, const Dial& dial, bool stopped,
                            const std::function<bool()>& until) {
  const auto nginx_before = NginxPids();
  others_scan_ =
      others_scan_ || std::any_of(patterns.begin(), patterns.end(), [](const Pattern& each) { return each.scans; });
  std::vector<double> slower, p99;
  Outcome outcome;
  for (int pair = 0; pair < AbusePairs(); ++pair) {
    const LoadResult quiet = Sell();
    const UsageMeter server({server_.process().pid()}), nginx(nginx_before);
    std::vector<std::unique_ptr<Attack>> attacks;
    const auto count = static_cast<int>(patterns.size());
    for (const Pattern& pattern : patterns)
      attacks.push_back(std::make_unique<Attack>(pattern, dial, kIdleConnections / count, 1.0 / count));
    for (const auto& attack : attacks)
      EXPECT_TRUE(attack->WaitUntilReady(kBuildUpMax)) << "the attacker could not build it up";
    LoadResult attacked = Sell();
    Read();
    for (std::size_t i = 0; stopped && i < patterns.size(); ++i)
      if (patterns[i].floods) {
        EXPECT_TRUE(attacks[i]->WaitUntilSentAway(kComesWithin)) << "nobody stops it";
      }
    for (const auto give_up = std::chrono::steady_clock::now() + kComesWithin;
         !until() && std::chrono::steady_clock::now() < give_up;)
      attacked = Sell();
    outcome.server = server.Stop();
    outcome.nginx = nginx.Stop();
    EXPECT_LE(outcome.server.memory_peak_mb, MemoryMaxMb());
    EXPECT_LE(outcome.nginx.memory_peak_mb, 3 * MemoryMaxMb() / 2)
        << "of three processes; what they share counts thrice";
    slower.push_back(P99(attacked) / P99(quiet));
    p99.push_back(P99(attacked));
    std::int64_t connects = 0, refused = 0, sent_away = 0, bytes = 0;
    for (const auto& attack : attacks) {
      connects += attack->attacker().connects();
      refused += attack->attacker().refused();
      sent_away += attack->attacker().sent_away();
      bytes += attack->attacker().bytes();
    }
    std::cout << fmt::format(
                     "{:18} p50 {:5.1f} -> {:5.1f} ms, p99 {:6.1f} -> {:6.1f} ms | loyaltyd {:.2f} processors {:3} MB"
                     " | nginx {:.2f} {:3} MB | {} connects {} refused {} sent away {} kB",
                     NamesOf(patterns), P50(quiet), P50(attacked), P99(quiet), P99(attacked), outcome.server.processors,
                     outcome.server.memory_peak_mb, outcome.nginx.processors, outcome.nginx.memory_peak_mb, connects,
                     refused, sent_away, bytes / 1'000)
              << std::endl;
  }
  EXPECT_FALSE(server_.process().Poll()) << server_.Log();
  EXPECT_EQ(NginxPids(), nginx_before) << "nginx has crashed\n" << nginx_->Log();
  outcome.slower = SpreadOf(slower);
  outcome.p99_ms = SpreadOf(p99);
  return outcome;
}

LoadResult AbusedStore::Sell() const {
  constexpr char kScans[] = "grpc_method=\"Scan\"";
  const std::int64_t before = Handled(server_, kScans);
  LoadResult result = RunLoad(load_);
  EXPECT_THAT(result.otherwise, IsEmpty());
  EXPECT_EQ(result.refused, 0);
  if (load_.calls > 0) {
    EXPECT_EQ(result.answered, load_.calls);
  }
  EXPECT_GT(result.answered, 0);
  if (!others_scan_) {
    EXPECT_EQ(Handled(server_, kScans), before + result.answered) << "each scan is one call, and all are the tills'";
  }
  return result;
}

void AbusedStore::Read() const {
  const Caller till(load_.channels[0], load_.key);
  v1::GetMemberRequest request;
  request.set_name(member_);
  v1::GetMemberResponse response;
  for (int i = 0; i < kReadsOfATurn; ++i)
    EXPECT_EQ(till.Call(&v1::MemberService::Stub::GetMember, request, &response).reason(), "OK");
}

}  // namespace loyalty::test
