#include "storage/tables/alerts.h"

namespace loyalty::storage {

const Table<AlertRow>& AlertRow::table() {
  using Row = AlertRow;
  static const Table<Row> kTable(
      {"alerts", 34, Rank::kOwned},
      {Col<&Row::member_id>("member_id", kKey | kSealed), Col<&Row::terminal_id>("terminal_id", kKey | kSealed),
       Col<&Row::by_store_id>("by_store_id", kKey | kSealed), Col<&Row::by_operator>("by_operator", kKey | kSealed),
       Col<&Row::limit>("limit_kind", kKey | kSealed), Col<&Row::day>("day", kKey | kSealed),
       Col<&Row::id>("id", kFixed | kSealed), Col<&Row::place_id>("place_id", kSealed | kNoneIsNull),
       Col<&Row::store_id>("store_id", kSealed | kNoneIsNull), Col<&Row::first_time>("first_time", kFixed | kSealed),
       Col<&Row::last_time>("last_time", kSealed), Col<&Row::count>("times", kSealed),
       Col<&Row::last_request>("last_request", kNoneIsNull), Col<&Row::state>("state", kAlone | kSealed),
       Col<&Row::resolved_by>("resolved_by", kSealed | kNoneIsNull),
       Col<&Row::resolve_time>("resolve_time", kSealed | kNoneIsNull), Col<&Row::note>("note", kSealed | kNoneIsNull),
       Col<&Row::version>("version", kVersion), Col<&Row::seal>("seal", kSeal)});
  return kTable;
}

}  // namespace loyalty::storage
