#include "storage/tables/runs.h"

namespace loyalty::storage {

const Table<RetentionRunRow>& RetentionRunRow::table() {
  using Row = RetentionRunRow;
  static const Table<Row> kTable(
      {"retention_runs", 30, Rank::kOwned},
      {Col<&Row::id>("id", kKey), Col<&Row::kind>("kind", kFixed), Col<&Row::model_kind>("model_kind", kFixed),
       Col<&Row::content>("content", kFixed), Col<&Row::create_time>("create_time", kFixed),
       Col<&Row::created_by>("created_by", kFixed)});
  return kTable;
}

}  // namespace loyalty::storage
