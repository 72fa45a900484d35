// Ids in blocks (hi-lo): unique in the database, not chronological.
#pragma once

#include <cstdint>

#include "storage/session.h"

namespace loyalty::storage {

// Hands out ids of one sequence. A block is committed in a transaction of its own before its first id is used, so an id
// can be lost but never be given twice. Not thread safe: one for each lane.
class IdBlock {
 public:
  // Makes sure that at least `count` ids can be taken; call it outside a transaction. Throws Failure.
  void Reserve(Session& session, std::int64_t count);
  // The next id; at most as many as were reserved.
  std::int64_t Take();

 private:
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace loyalty::storage
