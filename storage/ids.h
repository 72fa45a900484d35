// Ids in blocks (hi-lo): unique in the database, not chronological. Each block is also the seal of what it numbers.
#pragma once

#include <cstdint>

#include "storage/session.h"
#include "storage/tables/seals.h"

namespace loyalty::storage {

// Hands out ids of one sequence. A block is committed in a transaction of its own before its first id is used, together
// with its seal, so an id can be lost but never be given twice, and blocks follow each other without a hole. Not thread
// safe: one for each lane, which is the only writer of the block's seal.
class IdBlock {
 public:
  // Makes sure that at least `count` ids can be taken; call it outside a transaction. Throws Failure.
  void Reserve(Session& session, std::int64_t count);
  // The next id; at most as many as were reserved.
  std::int64_t Take();
  // The block's seal as far as it is committed. What a batch adds is kept with set_seal when it is.
  const SealRow& seal() const { return seal_; }
  void set_seal(SealRow seal) { seal_ = std::move(seal); }
  // After a batch whose outcome is unknown: the rest of the block is thrown away.
  void Drop() { next_ = end_ = 0; }

 private:
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
  SealRow seal_;
};

// The block that everything begins with: no id below `next_id` is ever given away. `init` calls it.
void InsertFirstBlock(Session& session, std::int64_t next_id);
// Behind the last block that was reserved. Throws Failure.
std::int64_t ReadNextId(Session& session);

}  // namespace loyalty::storage
