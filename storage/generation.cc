#include "storage/generation.h"

namespace loyalty::storage {

void LockProgram(Session& session) {
  session.Read(session.engine() == Engine::kSqlite ? "SELECT generation FROM program WHERE id = 1"
                                                   : "SELECT generation FROM program WHERE id = 1 FOR UPDATE",
               "i", [](const ResultRow&) {});
}

void RaiseGeneration(Session& session) { session.Run("UPDATE program SET generation = generation + 1 WHERE id = 1"); }

}  // namespace loyalty::storage
