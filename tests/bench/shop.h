// A server that is measured, and the load on it: receipts of two lines, cards uniform over the members.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tests/bench/side.h"
#include "tests/e2e/server.h"
#include "tests/support/load_client.h"

namespace loyalty::test {

constexpr int kMembers = 10'000;
constexpr int kCallers = 64;

// The n-th scan of the load. Every number is another receipt under another request id.
v1::ScanRequest TypicalScan(std::uint64_t number, std::uint64_t members = kMembers);

struct ShopOptions {
  storage::Engine engine = storage::Engine::kSqlite;
  std::string program = "loyaltyd";  // that makes its database and serves it
  ServerOptions server = {};
};

// A loyaltyd with a store and kMembers members that have bought before. One MariaDB serves all shops of a run.
class Shop {
 public:
  explicit Shop(ShopOptions options);

  const Installation& installation() const { return *installation_; }
  Server& server() { return *server_; }
  LoadPlan plan() const { return plan_; }
  // RunLoad; every call must have been answered.
  Turn Run(const LoadPlan& plan);
  // Scans by kCallers tills, each a connection and a thread that waits; or by a client that takes little of the
  // processors: two threads for all connections.
  Side ClosedLoop(std::string name = "loyaltyd", std::uint64_t members = kMembers);
  Side LightLoop(std::string name);
  // Scans on 4 streams.
  Side Streams();
  // Throws when the rows of the scans are not what the reference programs write.
  void CheckRows() const;

 private:
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<Server> server_;
  LoadPlan plan_;
};

// The echo server, under the same load.
class EchoServer {
 public:
  explicit EchoServer(const std::map<std::string, std::string>& environment = {});
  const std::string& address() const { return address_; }
  LoadPlan plan() const { return plan_; }
  Turn Run(const LoadPlan& plan);
  Side ClosedLoop();
  Side LightLoop();

 private:
  ScratchDirectory directory_;
  Process process_;
  std::string address_;
  LoadPlan plan_;
};

}  // namespace loyalty::test
