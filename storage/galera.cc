#include "storage/galera.h"

#include <soci/soci.h>

#include "storage/guards.h"

namespace loyalty::storage {

bool IsGalera(soci::session& sql) {
  std::string name, on;
  sql << "SHOW VARIABLES LIKE 'wsrep_on'", soci::into(name), soci::into(on);
  return on == "ON";
}

// A node answers before it has applied what the others have committed. Each transaction and each read waits for that
// first (1: before SELECT and START TRANSACTION; statements within a transaction never wait), so that whoever was
// answered at one server finds the same at any other. A node that has lost the others must not answer at all.
std::vector<std::string> GaleraSetUp() {
  if (!TheGuards().causal_reads) return {};
  return {"SET SESSION wsrep_sync_wait = 1", "SET SESSION wsrep_dirty_reads = OFF"};
}

// The transaction of a node can be rolled back between two statements of one message because another node was first.
// MariaDB 10.11 then runs the next statements of the message each as a transaction of its own, often without a word:
// half of a batch is kept, and a batch that is told as done may be gone. Without autocommit it says 1213, as between
// messages.
std::vector<std::string> GaleraOpening() {
  if (!TheGuards().whole_batch) return {"START TRANSACTION"};
  return {"SET SESSION autocommit = 0", "START TRANSACTION"};
}

}  // namespace loyalty::storage
