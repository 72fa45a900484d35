#include "tests/e2e/galera_world.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/support/table_names.h"

namespace loyalty::test {
namespace {

// The others have missed a node by then, and go on.
constexpr std::chrono::seconds kAway{4};
constexpr std::chrono::seconds kVerifyMax{600};

bool IsHealthy(const Server& server) { return Get(server.http_port(), "/healthz").rfind("HTTP/1.1 200", 0) == 0; }

}  // namespace

bool BecomesHealthy(const Server& server, bool healthy) {
  for (int look = 0; look < 600 && IsHealthy(server) != healthy; ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return IsHealthy(server) == healthy;
}

GaleraWorld::GaleraWorld(const ServerOptions& options)
    : installation_(storage::Engine::kMysql, {.mariadb = &galera_.node(0)}) {
  for (int i = 0; i < Galera::kNodes; ++i) {
    ServerOptions here = options;
    here.db = UrlText(UrlAt(i));
    here.http = true;
    servers_.push_back(std::make_unique<Server>(installation_, here));
    if (i == 0) SetUpProgram(Caller(Connect(server(0).address()), installation_.admin_key()), 2);
  }
}

std::vector<const Server*> GaleraWorld::Servers() const {
  std::vector<const Server*> all;
  for (const auto& server : servers_) all.push_back(server.get());
  return all;
}

std::string GaleraWorld::Logs() const {
  std::string all;
  for (const auto& server : servers_) all += server->Log();
  return all;
}

Disturbance GaleraWorld::KillingOne() {
  struct Turn {
    int number = -1;
    int node() const { return number % Galera::kNodes; }
    bool with_server() const { return number / Galera::kNodes % 3 == 1; }
    bool forgets() const { return number % 4 == 3; }
  };
  const auto turn = std::make_shared<Turn>();
  const auto strike = [this, turn] {
    ++turn->number;
    if (turn->with_server()) server(turn->node()).Kill();
    galera_.Kill(turn->node());
    std::this_thread::sleep_for(kAway);
  };
  const auto mend = [this, turn] {
    if (turn->forgets()) {
      galera_.Forget(turn->node());
      ++forgot_;
    }
    galera_.Restart(turn->node());
    if (turn->with_server()) server(turn->node()).Start();
    AwaitServer(turn->node());
  };
  return {strike, mend};
}

Disturbance GaleraWorld::KillingAll() {
  const auto with_servers = std::make_shared<bool>(true);
  const auto strike = [this, with_servers] {
    *with_servers = !*with_servers;
    galera_.KillAll();
    for (const auto& server : servers_)
      if (*with_servers) server->Kill();
  };
  const auto mend = [this, with_servers] {
    galera_.RestartAll();
    for (const auto& server : servers_)
      if (*with_servers) server->Start();
    for (int i = 0; i < Galera::kNodes; ++i) AwaitServer(i);
  };
  return {strike, mend};
}

void GaleraWorld::AwaitServer(int number) {
  if (!BecomesHealthy(server(number), true))
    throw std::runtime_error(fmt::format("server {} does not find its database again", number));
}

std::string GaleraWorld::Differences() {
  for (const auto& server : servers_) server->Stop();
  std::string wrong;
  const auto first = Checksums(0);
  for (int i = 0; i < Galera::kNodes; ++i) {
    const Ended verify = RunProgram({.arguments = {ProgramPath("loyaltyd"), "verify", "--state-dir",
                                                   installation_.state_dir().string(), "--db", UrlText(UrlAt(i))},
                                     .log = installation_.directory() / ("verify-" + std::to_string(i))},
                                    kVerifyMax);
    if (verify.code != 0) wrong += fmt::format("node {}: {}{}\n", i, verify.out, verify.err);
    for (const auto& [table, sum] : Checksums(i))
      if (!first.contains(table) || first.at(table) != sum)
        wrong += fmt::format("node {}: {} is not as at node 0\n", i, table);
  }
  return wrong;
}

std::map<std::string, std::int64_t> GaleraWorld::Checksums(int node) {
  storage::Session session(UrlAt(node));
  std::map<std::string, std::int64_t> sums;
  for (const std::string& table : TableNames(session))
    session.Read("CHECKSUM TABLE " + table, [&](const std::string&, std::int64_t sum) { sums[table] = sum; });
  return sums;
}

}  // namespace loyalty::test
