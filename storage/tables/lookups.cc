#include "storage/tables/lookups.h"

namespace loyalty::storage {

const Table<LookupCountRow>& LookupCountRow::table() {
  using Row = LookupCountRow;
  static const Table<Row> kTable(
      {"lookup_counts", 39, Rank::kOwned},
      {Col<&Row::slot_time>("slot_time", kKey), Col<&Row::principal_id>("principal_id", kKey),
       Col<&Row::server>("server", kKey), Col<&Row::lookups>("lookups")});
  return kTable;
}

}  // namespace loyalty::storage
