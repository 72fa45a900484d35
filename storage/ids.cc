#include "storage/ids.h"

#include <algorithm>

#include "domain/check.h"
#include "storage/table.h"

namespace loyalty::storage {
namespace {

// One block lasts a busy lane for minutes; what a restart throws away does not matter in 63 bits.
constexpr std::int64_t kBlock = 65'536;
// Whoever reserves a block closes those that lie so far behind: the lane that had one of them has ended, or will take
// another block when it finds it closed. So few blocks are open at a time, and a SEAL that names them stays short.
constexpr std::int64_t kOpenBlocks = 64;

const SetStatement& Raise() {
  static const SetStatement kRaise = SetStatement::Update("id_blocks", {"name"}, {"next_id"}, true,
                                                          TypesOf<std::string, std::int64_t, std::int64_t>());
  return kRaise;
}
const SetStatement& InsertBlock() {
  static const SetStatement kInsert = SetStatement::Insert("id_blocks", {"name", "next_id", "version"},
                                                           TypesOf<std::string, std::int64_t, std::int64_t>());
  return kInsert;
}

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
               [&](std::int64_t next, std::int64_t read) {
                 first = next;
                 version = read;
               });
  if (session.Write(Raise(), Rows::Of("main", first + size, version)) != 1)
    throw Failure(FailureKind::kConflict, "another server took the block of ids");
  SealRow seal;
  seal.first_id = first;
  seal.end_id = first + size;
  Rows rows(SealRow::table().columns().size());
  SealRow::table().AddInsert(rows, seal);
  session.Write(SealRow::table().Insert(), rows);
  session.Run("UPDATE seals SET closed = 1, version = version + 1 WHERE closed = 0 AND (first_id = " +
              std::to_string(seal_.first_id) + " OR first_id < " + std::to_string(first - kOpenBlocks * kBlock) + ")");
  transaction.Commit();
  next_ = first;
  end_ = first + size;
  seal_ = seal;
}

std::int64_t IdBlock::Take() {
  Check(next_ < end_, "ids are reserved before they are taken");
  return next_++;
}

void InsertFirstBlock(Session& session, std::int64_t next_id) {
  session.Write(InsertBlock(), Rows::Of("main", next_id, 1));
}

std::int64_t ReadNextId(Session& session) {
  std::int64_t next_id = 0;
  session.Read("SELECT next_id FROM id_blocks WHERE name = 'main'", [&next_id](std::int64_t id) { next_id = id; });
  return next_id;
}

}  // namespace loyalty::storage
