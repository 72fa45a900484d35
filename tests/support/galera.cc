#include "tests/support/galera.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/free_port.h"

namespace loyalty::test {
namespace {

constexpr const char* kProvider = "/usr/lib/galera/libgalera_smm.so";
constexpr std::chrono::seconds kSyncMax{120};

// Different from each other too.
std::vector<int> FreePorts(int count) {
  std::set<int> ports;
  while (static_cast<int>(ports.size()) < count) ports.insert(FreePort());
  return {ports.begin(), ports.end()};
}

std::string Local(int port) { return "127.0.0.1:" + std::to_string(port); }

std::string StateFile(const MariaDb& node) { return node.data_dir() + "/grastate.dat"; }

std::string ReadState(const MariaDb& node) {
  std::ostringstream text;
  text << std::ifstream(StateFile(node)).rdbuf();
  return text.str();
}

// The number of the last transaction that is in the tables. What grastate.dat says is of the last clean stop.
long long RecoveredPosition(MariaDb& node) {
  const std::string said = node.RunToEnd({"--wsrep-recover"});
  static const std::regex kPosition("Recovered position:? *[0-9a-f-]+:(-?[0-9]+)");
  std::smatch found;
  if (!std::regex_search(said, found, kPosition)) throw std::runtime_error("no position is recovered\n" + said);
  return std::stoll(found[1]);
}

// Galera begins a cluster anew only from a node whose operator says that none knows more.
void SetSafeToBootstrap(const MariaDb& node) {
  const std::string text =
      std::regex_replace(ReadState(node), std::regex("safe_to_bootstrap: 0"), "safe_to_bootstrap: 1");
  std::ofstream(StateFile(node)) << text;
}

}  // namespace

Galera::Galera() {
  if (access(kProvider, R_OK) != 0)
    throw std::runtime_error(std::string("Galera is not installed: there is no ") + kProvider);
  const auto ports = FreePorts(3 * kNodes);
  group_ports_.assign(ports.begin(), ports.begin() + kNodes);
  std::string all = "gcomm://";
  for (const int port : group_ports_) all += (all.back() == '/' ? "" : ",") + Local(port);
  for (int i = 0; i < kNodes; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string state_port = std::to_string(ports[at + kNodes]);
    const std::string provider_options = "base_port=" + std::to_string(ports[at]) + ";gmcast.listen_addr=tcp://" +
                                         Local(ports[at]) + ";ist.recv_addr=" + Local(ports[at + 2 * kNodes]) +
                                         // A node that a busy machine keeps from answering for a second is not gone.
                                         ";evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S;evs.inactive_timeout="
                                         "PT4S;evs.install_timeout=PT4S;gcache.size=32M";
    nodes_.push_back(std::make_unique<MariaDb>(
        MariaDbOptions{.networking = true,
                       .settings = {"--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON",
                                    std::string("--wsrep-provider=") + kProvider, "--wsrep-cluster-name=loyalty",
                                    "--wsrep-cluster-address=" + all, "--wsrep-node-name=n" + std::to_string(i),
                                    "--wsrep-node-address=" + Local(ports[at]), "--wsrep-sst-method=rsync",
                                    "--wsrep-sst-receive-address=127.0.0.1:" + state_port,
                                    "--wsrep-provider-options=" + provider_options},
                       .started = false}));
  }
  for (int i = 0; i < kNodes; ++i) {
    node(i).Start(i == 0 ? std::vector<std::string>{"--wsrep-new-cluster"} : std::vector<std::string>{});
    AwaitSynced(i);
  }
}

Galera::~Galera() { KillAll(); }

void Galera::Forget(int number) {
  std::filesystem::remove(StateFile(node(number)));
  std::filesystem::remove(node(number).data_dir() + "/galera.cache");
}

void Galera::Restart(int number) {
  node(number).Start();
  AwaitSynced(number);
}

void Galera::KillAll() {
  for (const auto& node : nodes_) node->Kill();
}

void Galera::RestartAll() {
  recovered_.clear();
  for (const auto& node : nodes_) recovered_.push_back(RecoveredPosition(*node));
  const auto first = static_cast<int>(std::max_element(recovered_.begin(), recovered_.end()) - recovered_.begin());
  SetSafeToBootstrap(node(first));
  node(first).Start({"--wsrep-new-cluster"});
  AwaitSynced(first);
  for (int i = 0; i < kNodes; ++i)
    if (i != first) Restart(i);
}

void Galera::Isolate(int number) { node(number).Execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'"); }

void Galera::Rejoin(int number) {
  node(number).Execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
  AwaitSynced(number);
}

void Galera::AwaitSynced(int number) {
  const auto until = std::chrono::steady_clock::now() + kSyncMax;
  while (std::chrono::steady_clock::now() < until) {
    if (node(number).Ask("SELECT variable_value FROM information_schema.global_status WHERE variable_name = "
                         "'wsrep_local_state_comment'") == "Synced")
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("node " + std::to_string(number) + " does not find the others\n" + node(number).LogEnd());
}

}  // namespace loyalty::test
