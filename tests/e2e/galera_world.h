// A cluster of three databases, each with a loyaltyd of its own that shares the program with the others.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/disturbance.h"
#include "tests/e2e/server.h"
#include "tests/support/galera.h"

namespace loyalty::test {

// Waits until /healthz of a server says that it serves, or that it does not: how long that takes depends on the
// machine. False: it has not come to that within a minute.
bool BecomesHealthy(const Server& server, bool healthy);

// The nodes and their servers are kept by the thread that made them. Throws std::runtime_error as they do.
class GaleraWorld {
 public:
  // The program has two terminals; all servers know them.
  explicit GaleraWorld(const ServerOptions& options = {});

  Galera& galera() { return galera_; }
  const Installation& installation() const { return installation_; }
  Server& server(int number) { return *servers_[static_cast<std::size_t>(number)]; }
  std::vector<const Server*> Servers() const;
  std::string Logs() const;

  // One node after the other is killed, and comes back when the others have gone on without it: the database alone, or
  // with its server, or without what it knew.
  Disturbance KillingOne();
  // All nodes at the same moment; every second time their servers too.
  Disturbance KillingAll();
  // Nodes that came back without what they knew, so far.
  int forgot() const { return forgot_; }

  // Ends the servers. What is wrong then: `loyaltyd verify` at each node, and tables that are not the same at all of
  // them. Empty when nothing is.
  std::string Differences();

 private:
  // A server that stayed up has to find its database again.
  void AwaitServer(int number);
  storage::DatabaseUrl UrlAt(int node) { return galera_.node(node).UrlOf(installation_.url().database); }
  std::map<std::string, std::int64_t> Checksums(int node);

  Galera galera_;
  Installation installation_;
  std::vector<std::unique_ptr<Server>> servers_;
  int forgot_ = 0;
};

}  // namespace loyalty::test
