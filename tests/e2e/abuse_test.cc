#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "tests/e2e/abuse_patterns.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/paced_load.h"
#include "tests/e2e/server.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;

double Number(const char* name, double otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::atof(given);
}

int PortOf(const std::string& address) { return std::stoi(address.substr(address.find(':') + 1)); }

TEST(Abuse, Try) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const std::string setting = std::getenv("S");
  const milliseconds time(static_cast<int>(1000 * Number("SECONDS_EACH", 2)));
  const Installation installation(storage::Engine::kSqlite, {.init = {"--self-signed"}});
  const std::string till = MakeCertificate(installation, "till");
  const bool nginx_in_front = setting == "nginx", plain = setting == "plain";
  Server server(installation,
                {.program = std::getenv("ABUSE_SERVER") ? std::getenv("ABUSE_SERVER") : "loyaltyd", .environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}}, .tls = !nginx_in_front && !plain, .client_ca = nginx_in_front || plain ? "" : till + ".crt"});
  std::unique_ptr<Nginx> nginx;
  if (nginx_in_front) nginx = std::make_unique<Nginx>(installation, server.address());
  const std::string address = nginx ? nginx->address() : server.address();
  std::vector<Caller> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back(Connect(address, plain ? "" : installation.certificate(), nginx_in_front || plain ? "" : till), installation.admin_key());
  SetUpProgram(callers[0], 1);
  PacedLoad load(callers, 100);
  load.Measure(milliseconds(500));
  const std::vector<pid_t> server_pid{server.process().pid()};
  const auto print = [](const std::string& name, const Waits& w, const Usage& u, const Usage& n) {
    std::cout << std::left << std::setw(22) << name << std::right << std::fixed << std::setprecision(1) << " scans " << w.scans << " p50 "
              << w.median_ms << " p99 " << w.p99_ms << " | cpu " << u.cpu_seconds << " rss " << u.memory_peak_mb
              << " | nginx " << n.cpu_seconds << " rss " << n.memory_peak_mb;
    for (const auto& [f, c] : w.failures) std::cout << " FAIL " << f << " x" << c;
    std::cout << std::endl;
  };
  Dial dial{.port = PortOf(address)};
  if (setting == "nginx" || setting == "nocert") dial.tls = TlsContext();
  if (setting == "stolen") dial.tls = TlsContext(till);
  for (const auto& pattern : AbusePatterns()) {
    {
      UsageMeter m(server_pid), n(nginx ? nginx->Pids() : std::vector<pid_t>{});
      const auto w = load.Measure(time);
      print("-", w, m.Stop(), n.Stop());
    }
    UsageMeter m(server_pid), n(nginx ? nginx->Pids() : std::vector<pid_t>{});
    Dial d = dial;
    if (pattern.name == "idle connections" && !std::getenv("TLS_IDLE")) d.tls = nullptr;
    Attack attack(pattern, d, 10000);
    std::cout << "ready " << attack.WaitUntilReady(std::chrono::seconds(60)) << " ";
    const auto w = load.Measure(time);
    print(pattern.name, w, m.Stop(), n.Stop());
    std::cout << "   connects " << attack.attacker().connects() << " refused " << attack.attacker().refused()
              << " bytes " << attack.attacker().bytes() << std::endl;
  }
}

}  // namespace
}  // namespace loyalty::test
