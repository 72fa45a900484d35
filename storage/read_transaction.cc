#include "storage/read_transaction.h"

namespace loyalty::storage {

ReadTransaction::ReadTransaction(Session& session) : session_(session) {
  if (session.suspect()) session.Reconnect();
  if (session.engine() == Engine::kSqlite) {
    session.Run("BEGIN");
    return;
  }
  // Sessions run at READ COMMITTED, where each statement has a snapshot of its own; this holds for one transaction.
  session.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  session.Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

ReadTransaction::~ReadTransaction() {
  try {
    session_.Run("ROLLBACK");
  } catch (const Failure&) {
    // The session is suspect now; whoever uses it next opens it again.
  }
}

}  // namespace loyalty::storage
