// A block of ids, and the seal over the receipts and commands that were given one of them.
#pragma once

#include "storage/table.h"

namespace loyalty::storage {

// Inserted with no rows by whoever reserves the block, which is its only writer. `head` is a keyed hash over the one
// before, and table, id and seal of each receipt and command in the order of their ids.
struct SealRow {
  using Key = std::int64_t;
  Key key() const { return first_id; }
  static const Table<SealRow>& table();

  std::int64_t first_id = 0;
  std::int64_t end_id = 0;  // behind the last
  std::int64_t sealed_rows = 0;
  std::int64_t last_id = 0;  // of the last sealed row; 0: none
  Bytes head;
  bool closed = false;  // nobody writes into it any more
  std::int64_t version = 1;
};

// The head with one row more, made with the keys that sealed the row.
Bytes NextHead(const KeySet& keys, const Bytes& head, int table, std::int64_t id, const Bytes& seal);

}  // namespace loyalty::storage
