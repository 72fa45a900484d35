#include "storage/tables/jobs.h"

namespace loyalty::storage {

const Table<LeaseRow>& LeaseRow::table() {
  static const Table<LeaseRow> kTable(
      {"leases", 19, Rank::kLease},
      {Col<&LeaseRow::name>("name", kKey), Col<&LeaseRow::holder>("holder"), Col<&LeaseRow::expire_time>("expire_time"),
       Col<&LeaseRow::version>("version", kVersion)});
  return kTable;
}

const Table<JobRow>& JobRow::table() {
  using Row = JobRow;
  static const Table<Row> kTable(
      {"jobs", 20, Rank::kJob},
      {Col<&Row::id>("id", kKey), Col<&Row::kind>("kind", kFixed), Col<&Row::state>("state", kAlone),
       Col<&Row::request_id>("request_id", kFixed | kNoneIsNull), Col<&Row::done>("done"), Col<&Row::total>("total"),
       Col<&Row::payload>("payload", kFixed | kNoneIsNull), Col<&Row::result>("result", kNoneIsNull),
       Col<&Row::failures>("failures"), Col<&Row::create_time>("create_time", kFixed),
       Col<&Row::update_time>("update_time"), Col<&Row::version>("version", kVersion)});
  return kTable;
}

}  // namespace loyalty::storage
