#include "storage/ids.h"

#include <algorithm>
#include <cassert>

namespace loyalty::storage {
namespace {

// One block lasts a busy lane for minutes; what a restart throws away does not matter in 63 bits.
constexpr std::int64_t kBlock = 65'536;

const SetStatement kRaise = SetStatement::Update("id_blocks", {"name"}, {"next_id"}, true, "tii");

}  // namespace

void IdBlock::Reserve(Session& session, std::int64_t count) {
  if (end_ - next_ >= count) return;
  const std::int64_t size = std::max(kBlock, count);
  Transaction transaction(session);
  std::int64_t first = 0;
  std::int64_t version = -1;
  session.Read(session.engine() == Engine::kSqlite
                   ? "SELECT next_id, version FROM id_blocks WHERE name = 'main'"
                   : "SELECT next_id, version FROM id_blocks WHERE name = 'main' FOR UPDATE",
               "ii", [&](const ResultRow& row) {
                 first = row.Number(0);
                 version = row.Number(1);
               });
  Rows rows(3);
  rows.Add("main", first + size, version);
  if (session.Write(kRaise, rows) != 1) throw Failure(FailureKind::kConflict, "another server took the block of ids");
  transaction.Commit();
  next_ = first;
  end_ = first + size;
}

std::int64_t IdBlock::Take() {
  assert(next_ < end_);
  return next_++;
}

}  // namespace loyalty::storage
