// A Galera cluster of the tests' own: three MariaDB servers on loopback that keep the same data.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/mariadb.h"

namespace loyalty::test {

// Each node is durable (MariaDb) and has ports and a directory of its own. A node that is gone is missed after two
// seconds, until when nobody can commit. Everything throws std::runtime_error with the end of a node's log, also where
// Galera is not installed: a test fails there and never passes without it. By one thread at a time.
class Galera {
 public:
  static constexpr int kNodes = 3;

  Galera();  // returns when all nodes have the same data
  ~Galera();
  Galera(const Galera&) = delete;
  Galera& operator=(const Galera&) = delete;

  MariaDb& node(int number) { return *nodes_[static_cast<std::size_t>(number)]; }

  // SIGKILL, as a crash, and back among the others; returns when the node has what they have. A node that `Forget`s
  // has lost what it knew of the cluster: it takes all data from another node, which cannot commit meanwhile.
  void Kill(int number) { node(number).Kill(); }
  void Forget(int number);
  void Restart(int number);

  // All at once, and back from the node that knows the most: nothing that was acknowledged is lost. Returns when all
  // have the same data.
  void KillAll();
  void RestartAll();
  // The number of the last transaction that each node had on disk when RestartAll looked.
  const std::vector<long long>& recovered() const { return recovered_; }

  // The node loses its connections to the others and hears that it is alone; and back.
  void Isolate(int number);
  void Rejoin(int number);

  // Returns when the node says that it has all data of its cluster.
  void AwaitSynced(int number);

 private:
  std::vector<int> group_ports_;
  std::vector<std::unique_ptr<MariaDb>> nodes_;
  std::vector<long long> recovered_;
};

}  // namespace loyalty::test
