// A store whose tills sell while somebody attacks it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/attack.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/server.h"
#include "tests/support/load_client.h"
#include "tests/support/usage.h"

namespace loyalty::test {

// Whether figures are wanted: E2E_SERVER names the program that is shipped, and E2E_ABUSE_PAIRS and E2E_ABUSE_SECONDS
// say how often and how long.
bool Measuring();
int AbusePairs();
double AbuseSeconds();

// This process holds one end of so many connections; servers get the limit from it. Throws std::runtime_error when it
// may not.
void AllowFiles();

// The median of several, and the least and the most of them.
struct Spread {
  double median = 0, least = 0, most = 0;
};
Spread SpreadOf(std::vector<double> values);

// What came of an attack.
struct Outcome {
  Spread slower;  // p99 of the tills under attack for 1 in peace, over pairs
  Spread p99_ms;  // under attack
  Usage server, nginx;
};

// A server, what stands in front of it, and its tills. What it expects, it expects by gtest.
class AbusedStore {
 public:
  enum class Front { kNothing, kMutualTls, kNginx };
  static constexpr int kIdleConnections = 10'000;
  static constexpr double kSlowerMax = 2;

  // `scans_per_second`: of all tills, when figures are wanted.
  explicit AbusedStore(Front front, double scans_per_second = 100);

  const std::string& address() const { return nginx_ ? nginx_->address() : server_.address(); }
  // NAME.crt and NAME.key of a till.
  const std::string& identity() const { return identity_; }
  // The key of terminal T2, which sells nothing.
  const std::string& stolen_key() const { return stolen_key_; }
  // Whose card the tills scan.
  const std::string& member() const { return member_; }
  int port() const { return std::stoi(address().substr(address().find(':') + 1)); }

  // Calls of health that the server has been busy with: what attackers call who have no key.
  std::int64_t HealthCalls() const;

  // Calls that the server has refused for want of a key or of room.
  std::int64_t RefusedCalls() const;
  // Of scans and reads, whatever came of them: a server that keeps up with an attack refuses nobody.
  std::int64_t MemberCalls() const;

  // In turn there is peace and the attack. `stopped`: whoever stands in front does not let a flood go on. `until`:
  // attacked for so long. All of `patterns` at once.
  Outcome Suffer(
      const std::vector<Pattern>& patterns, const Dial& dial, bool stopped,
      const std::function<bool()>& until = [] { return true; });

 private:
  // For a while, as they always do; every scan must be answered.
  LoadResult Sell() const;
  // Reads of a till must be answered too.
  void Read() const;
  std::vector<pid_t> NginxPids() const { return nginx_ ? nginx_->Pids() : std::vector<pid_t>{}; }

  Front front_;
  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  std::string identity_ = MakeCertificate(installation_, "till");
  Server server_;
  std::unique_ptr<Nginx> nginx_;
  std::string stolen_key_, member_;
  bool others_scan_ = false;  // attackers have
  LoadPlan load_;
};

}  // namespace loyalty::test
